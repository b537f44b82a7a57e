//! A request to stop, seen by a run between operations and during waits, never in the middle of a write.

use tokio::sync::watch;

/// The button.
#[derive(Debug, Clone)]
pub struct StopSwitch(watch::Sender<bool>);

/// What a run looks at.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A switch and the light it turns on.
pub fn stop_switch() -> (StopSwitch, Stop) {
    let (switch, light) = watch::channel(false);
    (StopSwitch(switch), Stop(light))
}

impl StopSwitch {
    /// Asks the run to stop after the operation under way.
    pub fn press(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    pub fn is_pressed(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when the switch is pressed; never, once nobody holds the switch any more.
    pub async fn pressed(&mut self) {
        if self.0.wait_for(|pressed| *pressed).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
