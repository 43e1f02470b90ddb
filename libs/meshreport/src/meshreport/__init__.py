"""What a report may say and show: figures, quotations, and the check of its component. All pure."""
