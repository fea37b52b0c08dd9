//! The laws of the ticket that comes back to the campaign, for any input: as a ticket, and as the id of a sign-in.

use handstamp::{
    Code,
    json::Value,
    oauth::{issue_ticket, open_ticket},
    seal::Ring,
};

const RING: &[u8] = br#"{"environment":"dev","keys":[{"kid":"k2","key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI","status":"active"},{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"retiring"}]}"#;
const BEFORE: &[u8] = br#"{"environment":"dev","keys":[{"kid":"k1","key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","status":"active"}]}"#;

/// Never a panic. A text opens only if it is what we issue for that sign-in, under a key of the ring, or is refused as
/// `ticket_unknown`. A ticket is issued for the id of a sign-in alone, is the same each time, opens to that id, and not once a
/// character of it is another.
pub fn hold(input: &[u8]) {
    let ring = |text| Value::parse(text).and_then(|ring| Ring::parse(&ring)).expect("the ring is good");
    let (ring, before) = (ring(RING), ring(BEFORE));
    let Ok(text) = core::str::from_utf8(input) else { return };
    match open_ticket(&ring, text) {
        Ok(sid) => {
            assert!([&ring, &before].iter().any(|ring| issue_ticket(ring, &sid).is_ok_and(|own| own == text)))
        }
        Err(error) => assert!(error.code() == Code::TicketUnknown, "{error}"),
    }
    match issue_ticket(&ring, text) {
        Ok(ticket) => {
            assert!(ticket.len() == 60 && issue_ticket(&ring, text).is_ok_and(|again| again == ticket));
            assert!(open_ticket(&ring, &ticket).is_ok_and(|sid| sid == text));
            assert!(open_ticket(&before, &ticket).is_err(), "a key that the ring does not have");
            for place in [0, 15, 16, 17, 40, 58] {
                let mut other = ticket.clone().into_bytes();
                other[place] = if other[place] == b'A' { b'B' } else { b'A' };
                let other = String::from_utf8(other).expect("the ticket is ASCII");
                assert!(open_ticket(&ring, &other).is_err(), "changed at {place}");
            }
        }
        Err(error) => assert!(error.code() == Code::SettingsInvalid, "{error}"),
    }
}
