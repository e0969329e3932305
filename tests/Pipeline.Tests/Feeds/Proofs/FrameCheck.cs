using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds.Virtual;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>
/// Reads a feed's frames with the venue's parser and holds them against what the venue made: each id is to come once, after the first
/// copy has won.
/// </summary>
internal sealed class FrameCheck(TestTimeProvider time, SymbolTable symbols, IReadOnlyDictionary<string, VirtualStream> bySymbol)
{
    private readonly VenueBatch _into = new();
    private readonly Dictionary<string, StreamRecord> _byStream = new(StringComparer.Ordinal);
    private StreamRecord?[] _bySymbol = new StreamRecord?[16];

    public IReadOnlyCollection<StreamRecord> Records => _byStream.Values;

    /// <summary>Looks at each batch after it was parsed.</summary>
    public Action<VenueBatch>? Parsed { get; set; }

    public long Trades { get; private set; }

    /// <summary>Highest series that frames were stamped with.</summary>
    public long Series { get; private set; }

    public StreamRecord Of(string stream) => _byStream[stream];

    public bool Has(string stream) => _byStream.ContainsKey(stream);

    public void Take(FrameBatch frames)
    {
        frames.Source.Parser!.Parse(frames, _into);
        Series = Math.Max(Series, frames.Origin.Series);
        for (var i = 0; i < _into.Trades.Count; i++)
        {
            ref var trade = ref _into.Trades[i];
            Trades++;
            RecordOf(trade.Symbol).Add(trade.Id, time.Elapsed);
        }

        Assert.Equal(0, _into.DeadLetters.Count);
        _into.Origin = frames.Origin;
        Parsed?.Invoke(_into);
        _into.Release();
    }

    /// <summary>Measures silences from now on.</summary>
    public void Watch()
    {
        foreach (var record in Records)
        {
            record.Watch(time.Elapsed);
        }
    }

    /// <summary>Every id that the venue made since a stream's first came, exactly once after the first copy won.</summary>
    public void AssertComplete()
    {
        foreach (var record in Records)
        {
            Assert.True(record.Missing.Count == 0, $"{record.Stream.Name} lacks {record.Missing.Count} ids, the first is {record.Missing.FirstOrDefault()}");
            Assert.True(record.Stream.LastId == record.Last, $"{record.Stream.Name} ends at {record.Last}, the venue made {record.Stream.LastId}");
            Assert.Equal(record.Last - record.Anchor + 1, record.New);
        }
    }

    private StreamRecord RecordOf(int symbol)
    {
        if (symbol >= _bySymbol.Length)
        {
            Array.Resize(ref _bySymbol, Math.Max(symbol + 1, _bySymbol.Length * 2));
        }

        if (_bySymbol[symbol] is { } known)
        {
            return known;
        }

        var stream = bySymbol[symbols[symbol].Symbol];
        var record = new StreamRecord(stream);
        record.Watch(time.Elapsed);
        _byStream.Add(stream.Name, record);
        return _bySymbol[symbol] = record;
    }
}
