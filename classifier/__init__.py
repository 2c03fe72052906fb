"""The judgement: a category, facets, a risk and quoted evidence for each tool."""
