//! The line to the client task: requests go out, news come in.

use std::future::Future;
use std::sync::Arc;

use crate::client::{Answer, Client, Inbox, Reading, Request, Role, Ticket};
use crate::distribution::run::Progress;

/// The client task, as the loop needs it. Tests script one.
pub trait Line {
    /// Sends a request off; never waits.
    fn ask(&mut self, ticket: Ticket, request: Request);
    /// Asks the run under way to stop after its operation.
    fn stop_run(&mut self);
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
}

/// The client task itself.
pub struct ToClient {
    pub client: Arc<Client>,
    pub inbox: Inbox,
}

impl Line for ToClient {
    fn ask(&mut self, ticket: Ticket, request: Request) {
        self.client.ask(ticket, request);
    }

    fn stop_run(&mut self) {
        self.client.stop_run();
    }

    async fn next(&mut self) -> Option<News> {
        let inbox = &mut self.inbox;
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
            }
        }
    }

    fn queued(&mut self) -> Option<News> {
        let answer = self.inbox.answers.try_recv().ok()?;
        Some(News::Answered(Box::new(answer)))
    }
}
