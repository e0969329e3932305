using System.Globalization;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds;

public sealed class SymbolTableTests
{
    [Fact]
    public void FindOrDiscover_MoreThanTheBound_SaysOnceThatItIsFull()
    {
        var registry = new InstrumentRegistry();
        var told = 0;
        var table = new SymbolTable(symbol => registry.GetOrAdd("chain", symbol, symbol), mostDiscovered: 20, filled: () => told++);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, table.FindOrDiscover(System.Text.Encoding.ASCII.GetBytes($"mint{i}")));
        }

        Assert.False(table.IsFull);
        Assert.Equal((-1, -1), (table.FindOrDiscover("one more"u8), table.FindOrDiscover("another"u8)));
        Assert.Equal((true, 1), (table.IsFull, told));

        // Grown twice on the way, without a hole.
        Assert.Equal(Enumerable.Range(0, 20), registry.All.Select(one => one.Index));
        Assert.Equal("mint19", registry.All[19].Symbol);
    }

    [Fact]
    public void Add_ManySymbols_EachIsFoundUnderItsNumber()
    {
        var symbols = new SymbolTable();
        for (var i = 0; i < 3000; i++)
        {
            symbols.Add(new Instrument(i, "test", $"{i}-USDT", NameOf(i)));
            symbols.Add(new Instrument(i, "test", $"{i}-USDT", NameOf(i)));
        }

        Assert.Equal(3000, symbols.Count);
        Assert.All(Enumerable.Range(0, 3000), i => Assert.Equal(i, symbols.Find(Encoding.UTF8.GetBytes(NameOf(i)))));
        Assert.Equal(-1, symbols.Find("NONE"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => symbols[3000]);
    }

    [Fact]
    public void Add_SymbolThatPassesToAnotherInstrument_LeadsThere()
    {
        var symbols = new SymbolTable();
        Instrument[] all = [.. Enumerable.Range(0, 100).Select(i => new Instrument(i, "test", $"{i}-USDT", NameOf(i)))];
        all.ToList().ForEach(symbols.Add);
        var after = new Instrument(100, "test", "NEW-USDT", NameOf(50));
        symbols.Add(after);
        symbols.Add(after);

        Assert.Equal((100, 101), (symbols.Find(Encoding.UTF8.GetBytes(NameOf(50))), symbols.Count));
        Assert.Equal(99, all.Count(one => symbols.Find(Encoding.UTF8.GetBytes(one.Symbol)) == one.Index));

        // Batches on their way still find the one before by its number.
        Assert.Equal((all[50], after), (symbols[50], symbols[100]));
    }

    [Fact]
    public void FindOrDiscover_WithoutRegistration_AddsNothing()
    {
        var symbols = new SymbolTable();
        Assert.Equal((-1, 0), (symbols.FindOrDiscover("ABC"u8), symbols.Count));
    }

    [Fact]
    public void FindOrDiscover_BeyondTheBound_LeavesSymbolsUnknown()
    {
        var asked = new List<string>();
        var symbols = new SymbolTable(Register, mostDiscovered: 2);
        symbols.Add(new Instrument(7, "test", "OLD", "OLD"));

        Assert.Equal([0, 1, 2, -1, 1], [Find("OLD"), Find("A"), Find("B"), Find("C"), Find("A")]);
        Assert.Equal(["A", "B"], asked);

        int Find(string symbol) => symbols.FindOrDiscover(Encoding.UTF8.GetBytes(symbol));
        Instrument Register(string symbol)
        {
            asked.Add(symbol);
            return new Instrument(asked.Count, "test", symbol, symbol);
        }
    }

    [Fact]
    public async Task Find_WhileSymbolsAreDiscovered_NeverSeesANumberWithoutItsInstrument()
    {
        var registry = new InstrumentRegistry();
        var symbols = new SymbolTable(symbol => registry.GetOrAdd("test", symbol, symbol));
        var reader = Task.Run(() =>
        {
            while (symbols.Count < 2000)
            {
                var name = NameOf(Random.Shared.Next(2000));
                var number = symbols.Find(Encoding.UTF8.GetBytes(name));
                Assert.True(number < 0 || symbols[number].Symbol == name);
            }
        });

        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal(i, symbols.FindOrDiscover(Encoding.UTF8.GetBytes(NameOf(i))));
        }

        await reader;
        Assert.Equal(2000, registry.All.Count);
    }

    private static string NameOf(int number) => "SYM" + number.ToString(CultureInfo.InvariantCulture) + (number % 2 == 0 ? "USDT" : "");
}
