"""From files of questions and articles to the records that are trained on."""
