"""Questions made of others: swapped, glossed, put in other words, asked of what nobody asked."""
