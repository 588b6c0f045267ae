package outward

import (
	"net/netip"
	"net/url"
	"strings"
)

// Wrong is a stable word for what is wrong with an address; empty where nothing is.
type Wrong string

// What can be wrong with an address before anybody calls it.
const (
	Missing   Wrong = "missing"
	Malformed Wrong = "malformed"
	NotHTTPS  Wrong = "not_https"
	// Password addresses hold a name or a password: whoever sees the address would see it.
	Password Wrong = "password"
	// Inside addresses are numbers that lie where this Jalon may not call. Of names, only calling tells.
	Inside Wrong = "inside"
)

// Check says what is wrong with an address.
func (c *Client) Check(address string) Wrong {
	if strings.TrimSpace(address) == "" {
		return Missing
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Hostname() == "", u.Opaque != "", u.Fragment != "", u.Scheme != "https" && u.Scheme != "http":
		return Malformed
	case u.User != nil:
		return Password
	case u.Scheme == "http" && (!c.loopback || !onLoopback(u.Hostname())):
		return NotHTTPS
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && c.guard.SafeAddr(ip.WithZone("")) != nil {
		return Inside
	}
	return ""
}

// Host is what may be shown of an address that lets anybody in who knows it.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func onLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
