package page

// startMeans names what follows from starting a talk of the kind: some are nobody else's business, and one has no other side.
func startMeans(kind string) string {
	switch kind {
	case "reframing", "return":
		return "delicate"
	case "recruitment":
		return "alone"
	default:
		return "usual"
	}
}
