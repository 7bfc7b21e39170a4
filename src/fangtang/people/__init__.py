"""Body, units, posts, users: who may act for whom; sign-in; who may reach which address."""
