"""Reports over what a campaign's interviews found."""
