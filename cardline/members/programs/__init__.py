"""Corporate programs: a company, and whose cards are on its account. Who administers one acts for the company, by an
authority like every other (members/authorities): what an employee holds privately is not the company's (decision 0027).
"""
