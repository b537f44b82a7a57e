//! The line to the client task: requests go out, news come in.

use std::future::Future;
use std::sync::Arc;

use crate::client::requests::{AskedRequest, Following};
use crate::client::{Answer, Client, Inbox, Reading, Request, Role, Ticket};
use crate::distribution::run::Progress;

/// The client task, as the loop needs it. Tests script one.
pub trait Line {
    /// Sends a request off; never waits.
    fn ask(&mut self, ticket: Ticket, request: Request);
    /// Asks the run under way to stop after its operation.
    fn stop_run(&mut self);
    /// Whether the requests to the site are news too.
    fn follow_requests(&mut self, on: bool);
    /// The next news. Dropping the wait loses nothing.
    fn next(&mut self) -> impl Future<Output = Option<News>>;
    /// News that have queued up by now.
    fn queued(&mut self) -> Option<News>;
}

/// What comes in from the client task.
#[derive(Debug, Clone)]
pub enum News {
    Answered(Box<Answer>),
    Reading(Reading),
    Progressed(Box<Progress>),
    Worked(Role),
    /// The last requests to the site, another one among them.
    Requested(Vec<AskedRequest>),
}

/// The client task itself.
pub struct ToClient {
    pub client: Arc<Client>,
    pub inbox: Inbox,
    /// While somebody looks at the requests.
    requests: Option<Following>,
}

impl ToClient {
    pub fn new(client: Arc<Client>, inbox: Inbox) -> Self {
        Self {
            client,
            inbox,
            requests: None,
        }
    }
}

/// The next change of what is followed; never, where nothing is.
async fn requested(following: &mut Option<Following>) -> Vec<AskedRequest> {
    if let Some(requests) = following
        && let Some(latest) = requests.next().await
    {
        return latest;
    }
    std::future::pending().await
}

impl Line for ToClient {
    fn ask(&mut self, ticket: Ticket, request: Request) {
        self.client.ask(ticket, request);
    }

    fn stop_run(&mut self) {
        self.client.stop_run();
    }

    fn follow_requests(&mut self, on: bool) {
        self.requests = on.then(|| self.client.follow_requests());
    }

    async fn next(&mut self) -> Option<News> {
        let (inbox, requests) = (&mut self.inbox, &mut self.requests);
        loop {
            tokio::select! {
                answer = inbox.answers.recv() => {
                    return answer.map(|answer| News::Answered(Box::new(answer)));
                }
                Ok(()) = inbox.run.changed() => {
                    if let Some(progress) = inbox.run.borrow_and_update().clone() {
                        return Some(News::Progressed(Box::new(progress)));
                    }
                }
                Ok(()) = inbox.role.changed() => {
                    return Some(News::Worked(inbox.role.borrow_and_update().clone()));
                }
                Ok(()) = inbox.reading.changed() => {
                    if let Some(reading) = *inbox.reading.borrow_and_update() {
                        return Some(News::Reading(reading));
                    }
                }
                latest = requested(requests) => return Some(News::Requested(latest)),
            }
        }
    }

    fn queued(&mut self) -> Option<News> {
        let answer = self.inbox.answers.try_recv().ok()?;
        Some(News::Answered(Box::new(answer)))
    }
}
