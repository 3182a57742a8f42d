/** What is fetched when a person has to do with a report: one chunk, since its parts share their words. */
export { IssueList } from './issue-list.tsx';
export { IssueView } from './issue-view.tsx';
export { ReportForm } from './report-form.tsx';
