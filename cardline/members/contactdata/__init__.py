"""What became of a member's contact data and name: changes as dated rows, who was told of them, and what is safe.

Here are the rows, the rules and the questions that lower folders ask. Changing something needs cases, promises and
cards, and stands in the app `contactdata`.
"""
