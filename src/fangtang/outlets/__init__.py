"""Sites and sections: where the body speaks. The register."""
