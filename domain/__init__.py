"""What a support desk is: events, commands, conversations, clocks and KPIs. No database, no HTTP, no clock."""
