"""What the commands `toolrisk policy …` do: export, check, try out, compare and apply policies."""
