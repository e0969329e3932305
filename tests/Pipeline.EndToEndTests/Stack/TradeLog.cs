using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// Trades of <c>md.trades</c> as they are read: per instrument the ids and when each came over a socket. Ids must rise; what is missing
/// between them is counted.
/// </summary>
internal sealed class TradeLog
{
    private readonly Dictionary<string, List<(long Id, long Received)>> _trades = new(StringComparer.Ordinal);

    /// <summary>Trades that came twice or out of order.</summary>
    public List<string> Faults { get; } = [];

    public IReadOnlyCollection<string> Keys => _trades.Keys;

    public int Count => _trades.Values.Sum(trades => trades.Count);

    public IReadOnlyList<(long Id, long Received)> Of(string key) => _trades.TryGetValue(key, out var trades) ? trades : [];

    /// <summary>The newest id; -1 before the first.</summary>
    public long Last(string key) => Of(key) is [.., var last] ? last.Id : -1;

    /// <summary>Arrival of the newest trade, microseconds since the Unix epoch; 0 before the first.</summary>
    public long LastReceived(string key) => Of(key) is [.., var last] ? last.Received : 0;

    public void Add(TopicRecord record)
    {
        if (!record.Topic.EndsWith(".trades", StringComparison.Ordinal))
        {
            return;
        }

        var at = record.Value.AsSpan().IndexOf("\"id\":"u8) + 5;
        Assert.True(Utf8Parser.TryParse(record.Value.AsSpan(at), out long id, out _));
        var received = long.Parse(record.Headers["received-us"], CultureInfo.InvariantCulture);
        if (!_trades.TryGetValue(record.Key, out var trades))
        {
            _trades.Add(record.Key, trades = []);
        }

        if (trades is [.., var last] && id <= last.Id)
        {
            Faults.Add($"{record.Key}: {id} after {last.Id} at {record.Partition}/{record.Offset}");
        }

        trades.Add((id, received));
    }

    /// <summary>Ids that are not there between the first and the newest, from <paramref name="sinceId"/> on.</summary>
    public long Missing(string key, long sinceId = 0)
    {
        var trades = Of(key).Where(trade => trade.Id >= sinceId).ToList();
        return trades.Count == 0 ? 0 : trades[^1].Id - trades[0].Id + 1 - trades.Count;
    }

    /// <summary>Longest time between two arrivals, and when it ended; from <paramref name="since"/> on, in microseconds of the Unix epoch.</summary>
    public (TimeSpan Length, long End) LongestSilence(string key, long since = 0)
    {
        var (longest, end) = (0L, since);
        for (var i = 1; i < Of(key).Count; i++)
        {
            var (before, now) = (Of(key)[i - 1].Received, Of(key)[i].Received);
            if (now > since && now - before > longest)
            {
                (longest, end) = (now - before, now);
            }
        }

        return (TimeSpan.FromMicroseconds(longest), end);
    }

    /// <summary>Times of at least <paramref name="least"/> between two arrivals that ended after <paramref name="since"/>.</summary>
    public IEnumerable<(long From, long To)> Silences(string key, long since, TimeSpan least)
    {
        var trades = Of(key);
        for (var i = 1; i < trades.Count; i++)
        {
            var (from, to) = (trades[i - 1].Received, trades[i].Received);
            if (to > since && to - from >= least.TotalMicroseconds)
            {
                yield return (from, to);
            }
        }
    }

    /// <summary>The longest silence of a stream, without the time for which the machine held threads up.</summary>
    public TimeSpan LongestOwnSilence(string key, long since) => Silences(key, since, TimeSpan.FromMilliseconds(50))
        .Select(silence => TimeSpan.FromMicroseconds(silence.To - silence.From) - Machine.Held(silence.From, silence.To)).DefaultIfEmpty().Max();

    /// <summary>
    /// The longest silence of a stream, without the time in which the other one was silent as well, which on a connection of its own shows
    /// what the machine does and not what is done to connections.
    /// </summary>
    public TimeSpan LongestSilenceBeside(string key, string other, long since)
    {
        // Shorter ones are the market's.
        var shared = Silences(other, since, TimeSpan.FromMilliseconds(20)).ToList();
        var own = Silences(key, since, TimeSpan.FromMilliseconds(50)).Select(silence =>
            silence.To - silence.From - shared.Sum(one => Math.Max(0, Math.Min(one.To, silence.To) - Math.Max(one.From, silence.From))));
        return TimeSpan.FromMicroseconds(own.DefaultIfEmpty().Max());
    }
}
