/// The moments at which slots are to be looked at because something of them ends; the earliest first.
///
/// A heap: each costs the logarithm of their number. One that was overtaken is dropped when its moment comes, or when
/// most of them are.
struct CacheSweeps {
    struct Item {
        let moment: Duration
        let place: Int
        let number: UInt64
    }

    private var items: [Item] = []

    var count: Int { items.count }

    mutating func add(_ item: Item) {
        items.append(item)
        rise(items.count - 1)
    }

    /// Takes the earliest one out if its moment has come.
    mutating func next(at now: Duration) -> Item? {
        guard let first = items.first, first.moment <= now else { return nil }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        sink(0)
        return first
    }

    /// Drops those that count no more.
    mutating func keep(where counts: (Item) -> Bool) {
        items.removeAll { !counts($0) }
        for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, items[index].moment < items[(index - 1) / 2].moment {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)..<max(2 * index + 1, min(2 * index + 3, items.count))
            where items[child].moment < items[least].moment { least = child }
            if least == index { return }
            items.swapAt(index, least)
            index = least
        }
    }
}
