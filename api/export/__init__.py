"""Files of what questions answer: tables as CSV or XLSX under /export/, equal to the answers of the API."""
