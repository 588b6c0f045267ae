package page

func historyPhase(entry HistoryEntry) string {
	if entry.Ahead {
		return "ahead"
	}
	return "done"
}
