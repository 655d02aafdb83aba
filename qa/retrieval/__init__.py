"""Finding the paragraphs for a question: dense and lexical search fused into one ranking."""
