package rpc

// PageSize settles how long a page will be, after AIP-158: 0 asks for the usual length, more than most is cut to most, and
// less than nothing is an error.
func PageSize(asked int32, usual, most int) (int, error) {
	switch {
	case asked < 0:
		return 0, InvalidField("page_size", "must not be negative")
	case asked == 0:
		return usual, nil
	default:
		return min(int(asked), most), nil
	}
}
