"""The pages of the editor. Each starts from the articles that this person may see or edit: an object of another unit is not found."""
