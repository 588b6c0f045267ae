package policy

// table is who may do what: route, then role, then how far. It is data, never changed while running. A new procedure or page
// enters here first; tests compare it with the contracts and write out every cell.
//
// Two rules stand behind it. HR sees the company, but neither answers nor reads another person's survey or prompts: what is
// asked of a person is between that person and Jalon. And services ask for themselves only what they need to stand on their
// own feet; whatever they do for somebody, they do with that somebody's rights.
//
// An outside system opens moments, calls them off and reads the catalogue to know their codes. It reads nothing of anybody:
// a key that leaked must not be worth much.
//
// HR of a region and store directors hold their role over units. A console page is open to them (any); what it shows, the
// service that owns it narrows to their units or refuses.
var table = map[string]map[Role]Scope{
	// directory: people and units
	"/jalon.directory.v1.DirectoryService/ImportPeople":   {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ImportUnits":    {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/UpdateUnit":     {HR: Company},
	"/jalon.directory.v1.DirectoryService/CreateUnit":     {HR: Company},
	"/jalon.directory.v1.DirectoryService/MergeUnit":      {HR: Company},
	"/jalon.directory.v1.DirectoryService/ListImports":    {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ListPeople":     {HR: Company, Service: Company, Manager: Team, LocalHR: Units},
	"/jalon.directory.v1.DirectoryService/BatchGetPeople": {HR: Company, Service: Company, Manager: Team, Employee: Self, LocalHR: Units},
	"/jalon.directory.v1.DirectoryService/GetHistory":     {HR: Company, LocalHR: Units},
	"/jalon.directory.v1.DirectoryService/FindPerson":     {HR: Company, Service: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/ListUnits":      {HR: Company, Service: Company, Operator: Company, LocalHR: Units, Director: Units},
	"/jalon.directory.v1.DirectoryService/ErasePerson":    {HR: Company, Operator: Company},
	"/jalon.directory.v1.DirectoryService/GetContacts":    {Service: Company},
	"/jalon.directory.v1.DirectoryService/Snapshot":       {Service: Company},

	// To whom somebody reports and who reports to them; a region's HR sees the line of its own people.
	"/jalon.directory.v1.DirectoryService/GetReportingLine": {HR: Company, LocalHR: Units},

	// moments: key moments, surveys, results
	"/jalon.moments.v1.MomentsService/ListKeyMoments":     {HR: Any, Employee: Any, Service: Any, Integration: Any},
	"/jalon.moments.v1.MomentsService/GetKeyMoment":       {HR: Any, Employee: Any, Service: Any, Integration: Any},
	"/jalon.moments.v1.MomentsService/UpdateKeyMoment":    {HR: Company},
	"/jalon.moments.v1.MomentsService/DeclareMoment":      {HR: Company, Manager: Team, Operator: Company, Service: Company, LocalHR: Units, Integration: Company},
	"/jalon.moments.v1.MomentsService/CancelMoment":       {HR: Company, Manager: Team, Operator: Company, LocalHR: Units, Integration: Company},
	"/jalon.moments.v1.MomentsService/ListMoments":        {HR: Company, Manager: Team, LocalHR: Units, Director: Units},
	"/jalon.moments.v1.MomentsService/GetMoment":          {HR: Company, Manager: Team, LocalHR: Units, Director: Units},
	"/jalon.moments.v1.MomentsService/GetSurvey":          {Employee: Self},
	"/jalon.moments.v1.MomentsService/SubmitResponse":     {Employee: Self},
	"/jalon.moments.v1.MomentsService/GetResults":         {HR: Company, Manager: Team, LocalHR: Units, Director: Units},
	"/jalon.moments.v1.MomentsService/CompareUnits":       {Service: Company}, // interviews reads its audit
	"/jalon.moments.v1.MomentsService/SaveDraft":          {Employee: Self},
	"/jalon.moments.v1.MomentsService/ListNamedResponses": {HR: Company},

	// moments: the questionnaires that HR writes
	"/jalon.moments.v1.MomentsService/ListQuestionnaires":   {HR: Company},
	"/jalon.moments.v1.MomentsService/GetQuestionnaire":     {HR: Company},
	"/jalon.moments.v1.MomentsService/SaveQuestionnaire":    {HR: Company},
	"/jalon.moments.v1.MomentsService/PublishQuestionnaire": {HR: Company},
	"GET /hr/questionnaires":                                {HR: Company},
	"POST /hr/questionnaires":                               {HR: Company},
	"GET /hr/questionnaires/{code}":                         {HR: Company},
	"POST /hr/questionnaires/{code}":                        {HR: Company},
	"POST /hr/questionnaires/{code}/publish":                {HR: Company},
	"GET /hr/questionnaires/{code}/preview":                 {HR: Company},
	"GET /hr/results/named":                                 {HR: Company},

	// moments: HR's campaigns
	"/jalon.moments.v1.CampaignsService/ListCampaigns":      {HR: Company},
	"/jalon.moments.v1.CampaignsService/GetCampaign":        {HR: Company},
	"/jalon.moments.v1.CampaignsService/GetAudienceChoices": {HR: Company},
	"/jalon.moments.v1.CampaignsService/CountAudience":      {HR: Company},
	"/jalon.moments.v1.CampaignsService/SaveCampaign":       {HR: Company},
	"/jalon.moments.v1.CampaignsService/TakeCampaignStep":   {HR: Company},
	"/jalon.moments.v1.AudiencesService/ListAudiences":      {HR: Company},
	"/jalon.moments.v1.AudiencesService/GetAudience":        {HR: Company},
	"/jalon.moments.v1.AudiencesService/SaveAudience":       {HR: Company},
	"/jalon.moments.v1.AudiencesService/DeleteAudience":     {HR: Company},
	"/jalon.notifications.v1.ReachService/GetReach":         {HR: Company},
	"/jalon.notifications.v1.ReachService/FindQuiet":        {Service: Company}, // moments finds who is in an audience
	"/jalon.notifications.v1.OpensService/CountOpen":        {Service: Company},
	"/jalon.notifications.v1.OpensService/GetOpens":         {HR: Company},
	"GET /mail/open/{piece}":                                {Public: Any}, // an image that is the same for everybody
	"GET /hr/reach":                                         {HR: Company},
	"GET /hr/audiences":                                     {HR: Company},
	"GET /hr/audiences/new":                                 {HR: Company},
	"POST /hr/audiences/count":                              {HR: Company},
	"GET /hr/audiences/{id}":                                {HR: Company},
	"POST /hr/audiences/{id}":                               {HR: Company},
	"POST /hr/audiences/{id}/delete":                        {HR: Company},
	"/jalon.moments.v1.SeriesService/PreviewRecurrence":     {HR: Company},
	"/jalon.moments.v1.SeriesService/GetSeries":             {HR: Company},
	"/jalon.moments.v1.SeriesService/GetPlan":               {HR: Company},
	"/jalon.moments.v1.SeriesService/LeaveOutDay":           {HR: Company},
	"POST /hr/campaigns/{id}/leave-out":                     {HR: Company},
	"POST /hr/campaigns/{id}/keep":                          {HR: Company},
	"POST /hr/campaigns/{id}/rename":                        {HR: Company},
	"GET /hr/campaigns/calendar":                            {HR: Company},
	"POST /hr/campaigns/dates":                              {HR: Company},

	// what HR looks at before a campaign is launched; moments asks notifications as whoever asked it
	"/jalon.moments.v1.CampaignCareService/ForecastCampaign":       {HR: Company},
	"/jalon.moments.v1.CampaignCareService/ListRecipients":         {HR: Company},
	"/jalon.moments.v1.CampaignCareService/PreviewRecipient":       {HR: Company},
	"/jalon.moments.v1.CampaignCareService/PlanCampaignReminders":  {HR: Company},
	"/jalon.notifications.v1.RehearsalService/ForecastInvitations": {HR: Company},
	"/jalon.notifications.v1.RehearsalService/PlanReminders":       {HR: Company},
	"/jalon.notifications.v1.RehearsalService/PreviewMail":         {HR: Company},
	"GET /hr/campaigns/{id}/forecast":                              {HR: Company},
	"GET /hr/campaigns/{id}/recipients/{person}":                   {HR: Company},
	"GET /hr/campaigns/{id}/recipients/{person}/{screen}":          {HR: Company},
	"GET /hr/campaigns":              {HR: Company},
	"GET /hr/campaigns/new":          {HR: Company},
	"POST /hr/campaigns/audience":    {HR: Company},
	"GET /hr/campaigns/{id}":         {HR: Company},
	"POST /hr/campaigns/{id}":        {HR: Company},
	"GET /hr/campaigns/{id}/check":   {HR: Company},
	"GET /hr/campaigns/{id}/figures": {HR: Company},
	"POST /hr/campaigns/{id}/launch": {HR: Company},
	"POST /hr/campaigns/{id}/pause":  {HR: Company},
	"POST /hr/campaigns/{id}/resume": {HR: Company},
	"POST /hr/campaigns/{id}/cancel": {HR: Company},

	"/jalon.moments.v1.CampaignResultsService/GetCampaignResults": {HR: Company},
	"GET /hr/campaigns/{id}/results":                              {HR: Company},
	"GET /hr/campaigns/{id}/results.csv":                          {HR: Company},
	"GET /hr/campaigns/{id}/results.xlsx":                         {HR: Company},

	// moments: people without an account; whoever holds a link is known to the portal alone
	"/jalon.moments.v1.GuestsService/DeclareGuestMoment":  {HR: Company, LocalHR: Units, Operator: Company, Service: Company, Integration: Company},
	"/jalon.moments.v1.GuestsService/CreateGuestLink":     {HR: Company, LocalHR: Units, Operator: Company},
	"/jalon.moments.v1.GuestsService/GetGuestSurvey":      {Service: Company},
	"/jalon.moments.v1.GuestsService/SubmitGuestResponse": {Service: Company},
	"/jalon.moments.v1.GuestsService/SaveGuestDraft":      {Service: Company},

	// moments: who asked to be contacted
	"/jalon.moments.v1.ContactsService/ListContactRequests": {HR: Company, LocalHR: Units},
	"/jalon.moments.v1.ContactsService/MarkContactRequest":  {HR: Company, LocalHR: Units},

	// notifications: what a person was asked, and why
	"/jalon.notifications.v1.NotificationsService/GetMailChoice":   {Service: Company},
	"/jalon.notifications.v1.NotificationsService/SetMailChoice":   {Service: Company},
	"/jalon.notifications.v1.NotificationsService/CountMails":      {HR: Company, Operator: Company},
	"/jalon.notifications.v1.NotificationsService/ReportBounce":    {Operator: Company, Integration: Company},
	"/jalon.notifications.v1.NotificationsService/ListPrompts":     {Employee: Self},
	"/jalon.notifications.v1.NotificationsService/ExplainMessages": {HR: Company, Employee: Self, LocalHR: Units},
	"/jalon.notifications.v1.NotificationsService/GetPreferences":  {Employee: Self},
	"/jalon.notifications.v1.NotificationsService/SetPreferences":  {Employee: Self},

	// notifications: what other systems are told
	"/jalon.notifications.v1.OutgoingService/ListOutgoing":      {HR: Company, Operator: Company},
	"/jalon.notifications.v1.OutgoingService/GetReceiver":       {HR: Company},
	"/jalon.notifications.v1.OutgoingService/SaveReceiver":      {HR: Company},
	"/jalon.notifications.v1.OutgoingService/SwitchReceiver":    {HR: Company},
	"/jalon.notifications.v1.OutgoingService/RotateSecret":      {HR: Company},
	"/jalon.notifications.v1.OutgoingService/TestReceiver":      {HR: Company, Operator: Company},
	"/jalon.notifications.v1.OutgoingService/Replay":            {HR: Company},
	"/jalon.notifications.v1.OutgoingService/RemoveReceiver":    {HR: Company},
	"/jalon.notifications.v1.OutgoingService/SaveChannel":       {HR: Company},
	"/jalon.notifications.v1.OutgoingService/TestChannel":       {HR: Company},
	"/jalon.notifications.v1.OutgoingService/RemoveChannel":     {HR: Company},
	"/jalon.notifications.v1.OutgoingService/ListAnnouncements": {HR: Company},
	"GET /hr/outgoing":                        {HR: Company},
	"GET /hr/outgoing/receivers/new":          {HR: Company},
	"GET /hr/outgoing/receivers/{id}":         {HR: Company},
	"POST /hr/outgoing/receivers/{id}":        {HR: Company},
	"POST /hr/outgoing/receivers/{id}/switch": {HR: Company},
	"POST /hr/outgoing/receivers/{id}/rotate": {HR: Company},
	"POST /hr/outgoing/receivers/{id}/test":   {HR: Company},
	"POST /hr/outgoing/receivers/{id}/replay": {HR: Company},
	"POST /hr/outgoing/receivers/{id}/remove": {HR: Company},
	"GET /hr/outgoing/channels/new":           {HR: Company},
	"GET /hr/outgoing/channels/{id}":          {HR: Company},
	"POST /hr/outgoing/channels/{id}":         {HR: Company},
	"POST /hr/outgoing/channels/{id}/test":    {HR: Company},
	"POST /hr/outgoing/channels/{id}/remove":  {HR: Company},

	// interviews: when, never what
	"/jalon.interviews.v1.InterviewsService/GetNextTalk": {HR: Company, Manager: Team, Employee: Self, LocalHR: Units},
	"/jalon.interviews.v1.InterviewsService/ListTalks":   {HR: Company, Manager: Team, LocalHR: Units},
	"/jalon.interviews.v1.InterviewsService/GetBoard":    {HR: Company, LocalHR: Units, Director: Units},
	"/jalon.interviews.v1.InterviewsService/SetRhythm":   {HR: Company},

	// interviews: what is said in a talk, for its two people alone. Self is the employee, team the manager of that talk, whoever
	// is the employee's manager today; no other role is in any of these lines, and none may be added.
	"/jalon.interviews.v1.TalksService/GetTalk":          {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/ListMyTalks":      {Employee: Self},
	"/jalon.interviews.v1.TalksService/GetDesk":          {Employee: Self},
	"/jalon.interviews.v1.TalksService/StartTalk":        {Manager: Team},
	"/jalon.interviews.v1.TalksService/CancelTalk":       {Manager: Team},
	"/jalon.interviews.v1.TalksService/ProposeDate":      {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/AnswerProposal":   {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/SavePreparation":  {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/SharePreparation": {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/SaveNotes":        {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/SaveCommitment":   {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/PromiseRequest":   {Manager: Team},
	"/jalon.interviews.v1.TalksService/SettleCommitment": {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/SayHeld":          {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/AnswerHeld":       {Employee: Self, Manager: Team},
	"/jalon.interviews.v1.TalksService/ExportTalks":      {Employee: Self},
	"/jalon.interviews.v1.TalksService/SetDaysOff":       {Employee: Self},
	"/jalon.interviews.v1.TalksService/MakeCalendarFeed": {Employee: Self},
	// Of a feed, its secret says whose it is; the portal asks for whoever holds it.
	"/jalon.interviews.v1.TalksService/GetCalendarFeed": {Service: Company},

	// barometer
	"/jalon.barometer.v1.BarometerService/ListCells":     {HR: Company},
	"/jalon.barometer.v1.BarometerService/ListEditions":  {HR: Company},
	"/jalon.barometer.v1.BarometerService/GetEdition":    {HR: Company},
	"/jalon.barometer.v1.BarometerService/SaveEdition":   {HR: Company},
	"/jalon.barometer.v1.BarometerService/LaunchEdition": {HR: Company},
	"/jalon.barometer.v1.BarometerService/DeleteEdition": {HR: Company},

	// barometer: voting. Each asks for themselves, and nobody asks for another. Ballots are cast at the intake, which knows nobody
	// and is no line of this table.
	"/jalon.barometer.v1.BarometerService/GetBallotPaper": {Employee: Self},
	"/jalon.barometer.v1.BarometerService/IssueToken":     {Employee: Self},
	"/jalon.barometer.v1.BarometerService/ListCellKeys":   {Employee: Any, HR: Any},

	// barometer: printed cards. At a device of the store nobody signs in; the portal asks for whoever stands before it.
	"/jalon.barometer.v1.CardsService/ListCardVoters": {HR: Company},
	"/jalon.barometer.v1.CardsService/MakeCards":      {HR: Company},
	"/jalon.barometer.v1.CardsService/ConfirmCards":   {HR: Company},
	"/jalon.barometer.v1.CardsService/GiveUpCards":    {HR: Company},
	"/jalon.barometer.v1.CardsService/ListSheets":     {HR: Company},
	"/jalon.barometer.v1.CardsService/GetKiosk":       {Service: Company},

	// barometer: what was published. A manager's unit is the one that they lead.
	"/jalon.barometer.v1.ResultsService/ListPublications": {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"/jalon.barometer.v1.ResultsService/GetResults":       {HR: Company, LocalHR: Units, Director: Units, Manager: Team},

	// barometer: customers. Whoever may read a unit's results may read them beside what its customers say; which stores a crossing
	// names, the policy of results decides store by store.
	"/jalon.barometer.v1.CustomersService/ImportCustomers": {HR: Company, Operator: Company},
	"/jalon.barometer.v1.CustomersService/ListWaves":       {HR: Company},
	"/jalon.barometer.v1.CustomersService/RemoveWave":      {HR: Company},
	"/jalon.barometer.v1.CustomersService/GetCustomers":    {HR: Company, LocalHR: Units, Director: Units, Manager: Team},
	"/jalon.barometer.v1.CustomersService/GetCrossing":     {HR: Company, LocalHR: Units, Director: Units, Manager: Team},
	"/jalon.barometer.v1.CustomersService/ListBenchmarks":  {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"/jalon.barometer.v1.CustomersService/SaveBenchmark":   {HR: Company},
	"/jalon.barometer.v1.CustomersService/RemoveBenchmark": {HR: Company},

	"GET /barometer/results/customers":    {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"GET /hr/customers":                   {HR: Company},
	"POST /hr/customers":                  {HR: Company},
	"GET /hr/customers/{id}":              {HR: Company},
	"POST /hr/customers/{id}":             {HR: Company},
	"GET /hr/customers/{id}/problems.csv": {HR: Company},
	"POST /hr/customers/remove":           {HR: Company},
	"GET /hr/benchmarks":                  {HR: Company},
	"POST /hr/benchmarks":                 {HR: Company},
	"POST /hr/benchmarks/{id}":            {HR: Company},
	"POST /hr/benchmarks/{id}/remove":     {HR: Company},

	"GET /barometer/results":      {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"GET /barometer/results.csv":  {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"GET /barometer/results.xlsx": {HR: Any, LocalHR: Any, Director: Any, Employee: Any},
	"GET /barometer/trust":        {HR: Any, LocalHR: Any, Director: Any, Employee: Any},

	"GET /barometer":        {Employee: Any},
	"POST /barometer/token": {Employee: Self},
	"GET /kiosk":            {Public: Any}, // what votes there is a card's code, which never comes to the server

	// portal: what the command line asks of a running installation
	"/jalon.portal.v1.OperatorService/CreateSignInLink":  {Operator: Company},
	"/jalon.portal.v1.OperatorService/TailEvents":        {Operator: Company},
	"/jalon.portal.v1.OperatorService/ListDeadLetters":   {Operator: Company},
	"/jalon.portal.v1.OperatorService/GetDeadLetter":     {Operator: Company},
	"/jalon.portal.v1.OperatorService/ReplayDeadLetters": {Operator: Company},
	"/jalon.portal.v1.OperatorService/CreateApiKey":      {Operator: Company},
	"/jalon.portal.v1.OperatorService/ListApiKeys":       {Operator: Company},
	"/jalon.portal.v1.OperatorService/RevokeApiKey":      {Operator: Company},

	// portal: who holds which role, and who did what
	"/jalon.portal.v1.AccessService/ListRoles": {HR: Company, Operator: Company, Service: Any},
	"/jalon.portal.v1.AccessService/GiveRole":  {HR: Company, Operator: Company},
	"/jalon.portal.v1.AccessService/TakeRole":  {HR: Company, Operator: Company},
	"/jalon.portal.v1.AccessService/ListAudit": {HR: Company, Operator: Company},
	"GET /hr/access":           {HR: Company},
	"POST /hr/access":          {HR: Company},
	"POST /hr/access/{id}":     {HR: Company},
	"POST /hr/access/{id}/end": {HR: Company},
	"GET /hr/audit":            {HR: Company},
	"POST /signout/everywhere": {Employee: Any, HR: Any},

	// portal: pages before signing in
	"GET /signin":                {Public: Any},
	"POST /signin/demo":          {Public: Any},
	"GET /signin/link/{token}":   {Public: Any},
	"POST /signin/link/{token}":  {Public: Any},
	"GET /unsubscribe/{token}":   {Public: Any}, // the token says who; it lets do nothing else
	"POST /unsubscribe/{token}":  {Public: Any},
	"GET /demo/mail":             {Public: Any}, // these three are served in demo mode only
	"GET /demo/mail/{id}":        {Public: Any},
	"GET /demo/mail/{id}/body":   {Public: Any},
	"GET /signin/company":        {Public: Any},
	"GET /signin/company/return": {Public: Any},
	"GET /assets/":               {Public: Any},
	"POST /language":             {Public: Any},
	"GET /progress":              {Public: Any}, // served in demo mode only

	// portal: pages of other origins that show prompts; whom they are for, a token says that their server signed
	"GET /widget/v1/jalon-prompt.js": {Public: Any},
	"POST /widget/v1/session":        {Public: Any},
	"GET /widget/v1/prompts":         {Employee: Self},

	// portal: people without an account; the token in the address is all that says who
	"GET /g/{token}":        {Public: Any},
	"POST /g/{token}":       {Public: Any},
	"POST /g/{token}/draft": {Public: Any},
	"GET /signin/code":      {Public: Any},
	"POST /signin/code":     {Public: Any},

	// portal: what HR does for people without an account or without e-mail
	"GET /hr/guests":             {HR: Company, LocalHR: Any},
	"POST /hr/guests":            {HR: Company, LocalHR: Any},
	"POST /hr/moments/{id}/link": {HR: Company, LocalHR: Any},
	"GET /hr/contacts":           {HR: Company, LocalHR: Any},
	"POST /hr/contacts/{id}":     {HR: Company, LocalHR: Any},
	"GET /hr/codes":              {HR: Company, LocalHR: Any},
	"POST /hr/codes":             {HR: Company, LocalHR: Any},

	// portal: everybody's pages
	"GET /":                           {Employee: Any, HR: Any},
	"GET /live":                       {Employee: Any, HR: Any},
	"POST /signout":                   {Employee: Any, HR: Any},
	"POST /demo/clock":                {Employee: Any, HR: Any}, // served in demo mode only
	"GET /survey/{invitation}":        {Employee: Self},
	"POST /survey/{invitation}":       {Employee: Self},
	"POST /survey/{invitation}/draft": {Employee: Self},
	"GET /preferences":                {Employee: Self},
	"POST /preferences":               {Employee: Self},
	"GET /why":                        {Employee: Self},

	// portal: talks; whose they are, interviews decides
	"GET /talks":                                {Employee: Self},
	"POST /talks/days-off":                      {Employee: Self},
	"POST /talks/feed":                          {Employee: Self},
	"GET /talks/export":                         {Employee: Self},
	"GET /talks/about":                          {Employee: Any, HR: Any},
	"GET /talks/guides/{kind}":                  {Employee: Any, HR: Any},
	"GET /talks/{id}":                           {Employee: Self, Manager: Team},
	"POST /talks/{id}/date":                     {Employee: Self, Manager: Team},
	"POST /talks/{id}/proposal":                 {Employee: Self, Manager: Team},
	"POST /talks/{id}/preparation":              {Employee: Self, Manager: Team},
	"POST /talks/{id}/share":                    {Employee: Self, Manager: Team},
	"POST /talks/{id}/notes":                    {Employee: Self, Manager: Team},
	"POST /talks/{id}/commitments":              {Employee: Self, Manager: Team},
	"POST /talks/{id}/commitments/{commitment}": {Employee: Self, Manager: Team},
	"POST /talks/{id}/held":                     {Employee: Self, Manager: Team},
	"POST /talks/{id}/answer":                   {Employee: Self, Manager: Team},
	"POST /talks/{id}/cancel":                   {Manager: Team},
	"GET /calendar/{secret}":                    {Public: Any}, // the secret is all that says who

	// portal: the manager's desk
	"GET /team/start":           {Manager: Team},
	"POST /team/start":          {Manager: Team},
	"GET /team":                 {Manager: Team},
	"GET /team/results":         {Manager: Team},
	"GET /team/moments":         {Manager: Team},
	"GET /team/moments/{code}":  {Manager: Team},
	"POST /team/moments/{code}": {Manager: Team},
	"POST /team/cancel/{id}":    {Manager: Team},

	// portal: the catalogue of key moments
	"GET /hr/catalogue":                 {HR: Company, LocalHR: Any},
	"GET /hr/catalogue/{code}":          {HR: Company, LocalHR: Any},
	"POST /hr/catalogue/{code}/declare": {HR: Company, LocalHR: Any},
	"GET /hr/catalogue/{code}/edit":     {HR: Company},
	"POST /hr/catalogue/{code}/edit":    {HR: Company},
	"POST /hr/moments/{id}/cancel":      {HR: Company, LocalHR: Any},

	// portal: HR console
	"GET /hr":                                {HR: Company, LocalHR: Any, Director: Any},
	"GET /hr/people":                         {HR: Company, LocalHR: Any},
	"POST /hr/people":                        {HR: Company, LocalHR: Any},
	"GET /hr/people/{id}":                    {HR: Company, LocalHR: Any},
	"GET /hr/people/{id}/why":                {HR: Company, LocalHR: Any},
	"GET /hr/people/{id}/erase":              {HR: Company},
	"POST /hr/people/{id}/erase":             {HR: Company},
	"GET /hr/import":                         {HR: Company},
	"POST /hr/import":                        {HR: Company},
	"GET /hr/import/{id}":                    {HR: Company},
	"POST /hr/import/{id}":                   {HR: Company},
	"GET /hr/import/{id}/problems.csv":       {HR: Company},
	"GET /hr/units":                          {HR: Company},
	"GET /hr/units/{id}":                     {HR: Company},
	"POST /hr/units/{id}":                    {HR: Company},
	"GET /hr/units/new":                      {HR: Company},
	"POST /hr/units":                         {HR: Company},
	"GET /hr/units/merge/{id}":               {HR: Company},
	"POST /hr/units/merge/{id}":              {HR: Company},
	"GET /hr/units/import":                   {HR: Company},
	"POST /hr/units/import":                  {HR: Company},
	"GET /hr/units/import/{id}":              {HR: Company},
	"POST /hr/units/import/{id}":             {HR: Company},
	"GET /hr/units/import/{id}/problems.csv": {HR: Company},
	"GET /hr/moments":                        {HR: Company, LocalHR: Any, Director: Any},
	"GET /hr/moments/{id}":                   {HR: Company, LocalHR: Any, Director: Any},
	"GET /hr/results":                        {HR: Company, LocalHR: Any, Director: Any},
	"GET /hr/results.csv":                    {HR: Company, LocalHR: Any, Director: Any},
	"GET /hr/barometer":                      {HR: Company},
	"POST /hr/barometer":                     {HR: Company},
	"GET /hr/barometer/new":                  {HR: Company},
	"GET /hr/barometer/{id}":                 {HR: Company},
	"POST /hr/barometer/{id}":                {HR: Company},
	"POST /hr/barometer/{id}/launch":         {HR: Company},
	"POST /hr/barometer/{id}/delete":         {HR: Company},
	"GET /hr/barometer/{id}/cards":           {HR: Company},
	"POST /hr/barometer/{id}/cards":          {HR: Company},
	"POST /hr/barometer/{id}/cards/confirm":  {HR: Company},
	"POST /hr/barometer/{id}/cards/giveup":   {HR: Company},
	"GET /hr/rhythm":                         {HR: Company, LocalHR: Any, Director: Any},
	"POST /hr/rhythm":                        {HR: Company},
}
