"""What a company's administrator does with the cards of its program: freeze, replace, limit, and end."""
