//! The process itself: draft → facts → findings → plan → run → journal.
//!
//! Nothing here knows a screen: the wizard is a cursor over a [`Draft`], and the command line and the tests drive the
//! same engine. Only gathering facts and the run talk to a site; all else is pure.

pub mod alike;
pub mod check;
pub mod course;
pub mod draft;
pub mod facts;
pub mod field;
pub mod guard;
pub mod impact;
pub mod journal;
pub mod occasion;
pub mod operation;
mod placement;
pub mod plan;
pub mod run;
pub mod words;

pub use check::{Finding, Fix, Remedy, Weight, check};
pub use draft::{Draft, Value, When};
pub use facts::{Answer, Fact, Facts, Question, needed};
pub use field::{FieldId, Step};
pub use guard::{Acceptance, Demand, demands};
pub use journal::{Actor, Journals};
pub use plan::{Accepted, Making, Plan, PlanId};
pub use run::{End, Progress, Run, Stop, StopSwitch, stop_switch};
