//! JSON in: one pass over the text with every cap checked on the way; a fault names its byte position.

use super::{Number, Object, Value, decimal, names::Names, scan};
use crate::{Code, Error, Result, bounds};
use alloc::{
    borrow::{Cow, ToOwned},
    vec::Vec,
};

/// The members of an object that is read as it comes.
pub(super) const MANY: usize = usize::MAX;

pub(super) struct Reader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
    /// The members of the outermost object to keep, if not all.
    wanted: Option<&'a [&'a str]>,
    /// Most members of one object, and most elements of one array.
    most: usize,
    /// Whether what is read now is kept; if not, it is held to the same rules and comes out empty.
    keeps: bool,
}

// Inlined by hand: the module is compiled for size, and these are most of the time that a token takes.
impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str, wanted: Option<&'a [&'a str]>, most: usize) -> Self {
        Self { text, position: 0, depth: 0, wanted, most, keeps: true }
    }

    /// Reads the whole text.
    pub(super) fn whole(mut self) -> Result<Value> {
        let value = self.value()?;
        self.space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.fault(Code::JsonSyntax, "the end of the input")),
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    #[inline(always)]
    fn step(&mut self) {
        self.position = self.position.saturating_add(1);
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    #[inline(always)]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn fault(&self, code: Code, expected: &str) -> Error {
        let got = match self.rest().chars().next() {
            Some(_) => told!("an unexpected character at position {}", self.position),
            None => told!("the end of the input at position {}", self.position),
        };
        Error::new(code).expected(expected).got(got)
    }

    fn value(&mut self) -> Result<Value> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => {
                let text = self.string()?;
                Ok(if self.keeps { Value::String(text.into_owned()) } else { Value::Null })
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in
                    [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
                {
                    if self.rest().starts_with(word) {
                        self.position = self.position.saturating_add(word.len());
                        return Ok(value);
                    }
                }
                Err(self.fault(Code::JsonSyntax, "a value"))
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value>) -> Result<Value> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > bounds::JSON_DEPTH {
            return Err(self.fault(Code::JsonTooDeep, &told!("at most {} levels", bounds::JSON_DEPTH)));
        }
        self.step();
        let value = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn too_many(&self) -> Error {
        self.fault(Code::JsonTooManyMembers, &told!("at most {} members", self.most))
    }

    fn object(&mut self) -> Result<Value> {
        let mut object = Object::new();
        let keeps = self.keeps;
        let wanted = self.wanted.filter(|_| self.depth == 1);
        self.space();
        if self.peek() == Some(b'}') {
            self.step();
            return Ok(Value::Object(object));
        }
        let mut names = Names::new();
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.fault(Code::JsonSyntax, "a member name in double quotes"));
            }
            let name = self.string()?;
            if names.contains(&name) {
                return Err(self.fault(Code::JsonDuplicateMember, "each member once"));
            }
            if names.len() >= self.most {
                return Err(self.too_many());
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.fault(Code::JsonSyntax, "a colon"));
            }
            self.step();
            self.keeps = keeps && wanted.is_none_or(|wanted| wanted.contains(&&*name));
            let value = self.value()?;
            if self.keeps {
                object.0.push((name.clone().into_owned(), value));
            }
            self.keeps = keeps;
            names.push(name);
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b'}') => {
                    self.step();
                    return Ok(Value::Object(object));
                }
                _ => return Err(self.fault(Code::JsonSyntax, "a comma or a closing brace")),
            }
        }
    }

    fn array(&mut self) -> Result<Value> {
        let mut elements = Vec::new();
        let mut count: usize = 0;
        self.space();
        if self.peek() == Some(b']') {
            self.step();
            return Ok(Value::Array(elements));
        }
        loop {
            if count >= self.most {
                return Err(self.too_many());
            }
            count = count.saturating_add(1);
            let value = self.value()?;
            if self.keeps {
                elements.push(value);
            }
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b']') => {
                    self.step();
                    return Ok(Value::Array(elements));
                }
                _ => return Err(self.fault(Code::JsonSyntax, "a comma or a closing bracket")),
            }
        }
    }

    /// Goes to the next quote, escape or control character, and takes what is before it.
    #[inline(always)]
    fn plain(&mut self) -> &'a str {
        let rest = self.rest();
        let (plain, _) = rest.split_at_checked(scan::plain_bytes(rest.as_bytes())).unwrap_or_default();
        self.position = self.position.saturating_add(plain.len());
        plain
    }

    /// Reads the string that begins at the quote under the reader: a part of the text, where nothing in it is escaped.
    fn string(&mut self) -> Result<Cow<'a, str>> {
        self.step();
        let first = self.plain();
        if self.peek() == Some(b'"') {
            self.step();
            return Ok(first.into());
        }
        let mut out = first.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(out.into());
                }
                Some(b'\\') => {
                    self.step();
                    out.push(self.escape()?);
                }
                Some(_) => return Err(self.fault(Code::JsonSyntax, "control characters to be escaped")),
                None => return Err(self.fault(Code::JsonSyntax, "a closing quote")),
            }
            out.push_str(self.plain());
        }
    }

    #[inline(never)] // Few texts have one, and hosts compile a function when it is first called.
    fn escape(&mut self) -> Result<char> {
        let escaped = match self.peek() {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode_escape();
            }
            _ => return Err(self.fault(Code::JsonSyntax, "an escape such as \\n or \\u00e9")),
        };
        self.step();
        Ok(escaped)
    }

    fn unicode_escape(&mut self) -> Result<char> {
        let first = self.hex4()?;
        let alone = self.position;
        let mut scalar = first;
        if (0xd800..=0xdbff).contains(&first) && self.rest().starts_with("\\u") {
            self.position = self.position.saturating_add(2);
            let second = self.hex4()?;
            if (0xdc00..=0xdfff).contains(&second) {
                scalar = 0x1_0000_u32.saturating_add((first & 0x3ff) << 10).saturating_add(second & 0x3ff);
            }
        }
        match char::from_u32(scalar) {
            Some(character) => Ok(character),
            None if self.most == MANY => {
                self.position = alone;
                Ok(char::REPLACEMENT_CHARACTER)
            }
            None => Err(self.fault(Code::JsonSyntax, "both halves of a surrogate pair")),
        }
    }

    fn hex4(&mut self) -> Result<u32> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = value.ok_or_else(|| self.fault(Code::JsonSyntax, "four hexadecimal digits"))?;
        self.position = self.position.saturating_add(4);
        Ok(value)
    }

    fn digits(&mut self) -> Result<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault(Code::JsonSyntax, "a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.step();
        }
        if self.peek() == Some(b'0') {
            self.step();
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.step();
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.position).unwrap_or_default();
        // Digits alone are finite within the cap on their number.
        if !self.keeps
            && text.len() <= bounds::JSON_NUMBER_CHARACTERS
            && !text.bytes().any(|byte| matches!(byte, b'e' | b'E'))
        {
            return Ok(Value::Null);
        }
        let short = text.len() <= bounds::JSON_NUMBER_CHARACTERS;
        match short.then(|| decimal::nearest(text)).flatten() {
            Some(value) => Ok(Value::Number(Number { text: text.to_owned(), value })),
            None => Err(self.fault(Code::JsonNumberRange, "a number that fits a double")),
        }
    }
}
