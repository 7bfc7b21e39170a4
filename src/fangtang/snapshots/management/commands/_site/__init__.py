"""The verbs of `fangtang site`, one module for each kind of work: `add` names their words, and each verb is a function of what was asked."""
