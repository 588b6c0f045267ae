module jalon.dev/services/portal

go 1.26.0

require (
	jalon.dev/pkg v0.0.0
	jalon.dev/proto v0.0.0
)

require (
	github.com/BurntSushi/toml v1.6.0 // indirect
	github.com/a-h/templ v0.3.977 // indirect
	github.com/chromedp/cdproto v0.159.0 // indirect
	github.com/chromedp/chromedp v0.23.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/nicksnyder/go-i18n/v2 v2.7.0 // indirect
)

replace (
	jalon.dev/pkg => ../../pkg
	jalon.dev/proto => ../../proto
)
