"""KPIs as data: measures, formulas over them, the catalogue, and the question they answer."""
