package policy

// table is who may do what: route, then role, then how far. It is data, never changed while running. A new procedure or page
// enters here first; tests compare it with the contracts and write out every cell.
//
// Two rules stand behind it. HR sees the company, but neither answers nor reads another person's survey or prompts: what is
// asked of a person is between that person and Jalon. And services ask for themselves only what they need to stand on their
// own feet; whatever they do for somebody, they do with that somebody's rights.
var table = map[string]map[Role]Scope{
	// directory: people and units
	"/jalon.directory.v1.DirectoryService/ImportPeople":   {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ListImports":    {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ListPeople":     {HR: Company, Service: Company, Manager: Team},
	"/jalon.directory.v1.DirectoryService/BatchGetPeople": {HR: Company, Service: Company, Manager: Team, Employee: Self},
	"/jalon.directory.v1.DirectoryService/FindPerson":     {HR: Company, Service: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ListUnits":      {HR: Company, Service: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/Snapshot":       {Service: Company},

	// moments: key moments, surveys, results
	"/jalon.moments.v1.MomentsService/ListKeyMoments": {HR: Any, Employee: Any, Service: Any},
	"/jalon.moments.v1.MomentsService/DeclareMoment":  {HR: Company},
	"/jalon.moments.v1.MomentsService/ListMoments":    {HR: Company},
	"/jalon.moments.v1.MomentsService/GetMoment":      {HR: Company},
	"/jalon.moments.v1.MomentsService/GetSurvey":      {Employee: Self},
	"/jalon.moments.v1.MomentsService/SubmitResponse": {Employee: Self},
	"/jalon.moments.v1.MomentsService/GetResults":     {HR: Company},

	// notifications: what a person was asked, and why
	"/jalon.notifications.v1.NotificationsService/ListPrompts":     {Employee: Self},
	"/jalon.notifications.v1.NotificationsService/ExplainMessages": {HR: Company, Employee: Self},

	// interviews: when, never what
	"/jalon.interviews.v1.InterviewsService/GetNextTalk": {HR: Company, Manager: Team, Employee: Self},
	"/jalon.interviews.v1.InterviewsService/ListTalks":   {HR: Company, Manager: Team},

	// barometer
	"/jalon.barometer.v1.BarometerService/ListCells": {HR: Company},

	// portal: what the command line asks of a running installation
	"/jalon.portal.v1.OperatorService/CreateSignInLink":  {Operator: Company},
	"/jalon.portal.v1.OperatorService/TailEvents":        {Operator: Company},
	"/jalon.portal.v1.OperatorService/ListDeadLetters":   {Operator: Company},
	"/jalon.portal.v1.OperatorService/GetDeadLetter":     {Operator: Company},
	"/jalon.portal.v1.OperatorService/ReplayDeadLetters": {Operator: Company},

	// portal: pages before signing in
	"GET /signin":               {Public: Any},
	"POST /signin/demo":         {Public: Any},
	"GET /signin/link/{token}":  {Public: Any},
	"POST /signin/link/{token}": {Public: Any},
	"GET /assets/":              {Public: Any},
	"POST /language":            {Public: Any},
	"GET /progress":             {Public: Any}, // served in demo mode only

	// portal: everybody's pages
	"GET /":                     {Employee: Any, HR: Any},
	"GET /live":                 {Employee: Any, HR: Any},
	"POST /signout":             {Employee: Any, HR: Any},
	"POST /demo/clock":          {Employee: Any, HR: Any}, // served in demo mode only
	"GET /survey/{invitation}":  {Employee: Self},
	"POST /survey/{invitation}": {Employee: Self},

	// portal: the manager's desk
	"GET /team": {Manager: Team},

	// portal: HR console
	"GET /hr":              {HR: Company},
	"GET /hr/people":       {HR: Company},
	"POST /hr/people":      {HR: Company},
	"GET /hr/people/{id}":  {HR: Company},
	"GET /hr/import":       {HR: Company},
	"POST /hr/import":      {HR: Company},
	"GET /hr/import/{id}":  {HR: Company},
	"POST /hr/import/{id}": {HR: Company},
	"GET /hr/moments":      {HR: Company},
	"GET /hr/moments/{id}": {HR: Company},
	"GET /hr/results":      {HR: Company},
	"GET /hr/barometer":    {HR: Company},
}
