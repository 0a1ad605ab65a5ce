fn main() {
    println!("{}", env!("CARGO_PKG_VERSION"));
}

#[cfg(test)]
mod tests {
    #[test]
    fn states_a_version() {
        assert!(env!("CARGO_PKG_VERSION").contains('.'));
    }
}
