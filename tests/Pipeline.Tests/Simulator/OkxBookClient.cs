using System.Text.Json;

namespace Pipeline.Tests.Simulator;

/// <summary>Builds a book from the <c>books</c> channel and insists on its rules.</summary>
internal sealed class OkxBookClient
{
    private readonly SortedDictionary<decimal, (string Price, string Size)> _asks = [];
    private readonly SortedDictionary<decimal, (string Price, string Size)> _bids = new(Comparer<decimal>.Create((x, y) => y.CompareTo(x)));

    public long Sequence { get; private set; } = -1;

    public int Snapshots { get; private set; }

    public int Updates { get; private set; }

    /// <summary>Sequence ids in the order in which they came.</summary>
    public List<long> Sequences { get; } = [];

    public void Apply(JsonElement frame)
    {
        var row = Assert.Single(frame.GetProperty("data").EnumerateArray());
        var snapshot = frame.Text("action") == "snapshot";
        if (snapshot)
        {
            Assert.Equal(-1, row.Whole("prevSeqId"));
            _asks.Clear();
            _bids.Clear();
            Snapshots++;
        }
        else
        {
            Assert.Equal(Sequence, row.Whole("prevSeqId"));
            Updates++;
        }

        Apply(_asks, row.GetProperty("asks"), snapshot);
        Apply(_bids, row.GetProperty("bids"), snapshot);
        Sequence = row.Whole("seqId");
        Sequences.Add(Sequence);
        Assert.Equal((400, 400), (_asks.Count, _bids.Count));
        Assert.True(_bids.First().Key < _asks.First().Key, "crossed");
    }

    /// <summary>The best levels as <c>price size</c>.</summary>
    public (string Asks, string Bids) Top(int depth) => (Top(_asks, depth), Top(_bids, depth));

    /// <summary>The same of a frame that has them all.</summary>
    public static (string Asks, string Bids) Top(JsonElement row) => (Side(row.GetProperty("asks")), Side(row.GetProperty("bids")));

    private static string Top(SortedDictionary<decimal, (string Price, string Size)> side, int depth) =>
        string.Join(", ", side.Values.Take(depth).Select(level => $"{level.Price} {level.Size}"));

    private static string Side(JsonElement side) => string.Join(", ", side.EnumerateArray().Select(level => $"{level[0]} {level[1]}"));

    private static void Apply(SortedDictionary<decimal, (string Price, string Size)> side, JsonElement levels, bool snapshot)
    {
        foreach (var level in levels.EnumerateArray())
        {
            Assert.Equal((4, "0"), (level.GetArrayLength(), level[2].GetString()));
            if (level[1].GetString() != "0")
            {
                side[level[0].Decimal()] = (level[0].GetString()!, level[1].GetString()!);
                continue;
            }

            Assert.False(snapshot, "a snapshot removes nothing");
            Assert.True(side.Remove(level[0].Decimal()), "removes what is not there");
        }
    }
}
