"""What one visit has: its conversation and its articles, and what keeps them within bounds."""
