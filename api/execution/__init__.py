"""From the text of a query to an answer: parsing, limits, execution, errors. No transport."""
