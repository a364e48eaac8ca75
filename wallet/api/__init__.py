"""The ground floor's doors of the API: joining and signing in, one's own PIN and phones, top-ups, refusals."""
