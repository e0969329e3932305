using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>
/// The collector's counters over all its lives: each life begins at nothing, and what it counted since it was last asked dies with it.
/// </summary>
internal sealed class ChaosMetrics : IAsyncDisposable
{
    /// <summary>How old the last look at a life can be when it ends.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly LocalStack _stack;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _looking;
    private readonly List<ChaosLife> _lives = [new ChaosLife()];
    private double _uptime;
    private int _life;

    public ChaosMetrics(LocalStack stack)
    {
        _stack = stack;
        _looking = LookAsync();
    }

    /// <summary>When it was seen that the collector had begun anew without having been killed; microseconds since the Unix epoch.</summary>
    public ConcurrentQueue<long> Renewals { get; } = new();

    /// <summary>Each life that was looked at, oldest first.</summary>
    public IReadOnlyList<ChaosLife> Lives
    {
        get
        {
            lock (_gate)
            {
                return [.. _lives.Where(life => life.Counters.Count > 0)];
            }
        }
    }

    /// <summary>The collector was killed: what comes counts from nothing.</summary>
    public void EndLife()
    {
        lock (_gate)
        {
            Close();
            _life++;
        }
    }

    /// <summary>Sum over all lives, and over what fits.</summary>
    public long Sum(string name, Func<string, bool>? detail = null) => Lives.Sum(life => life.Sum(name, detail: detail));

    /// <summary>What was counted, by detail.</summary>
    public string Describe(string name) =>
        string.Join(", ", Lives.SelectMany(life => life.Counters).Where(one => one.Key.Name == name).GroupBy(one => one.Key.Detail)
            .OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Sum(value => value.Value)}"));

    public async Task RefreshAsync()
    {
        int life;
        lock (_gate)
        {
            life = _life;
        }

        var statistics = await _stack.StatisticsAsync();
        lock (_gate)
        {
            if (life == _life)
            {
                var uptime = (double)statistics["uptimeSeconds"]!;
                if (uptime < _uptime)
                {
                    // It had lost its partitions and claimed them again, within the same process.
                    Renewals.Enqueue(StackControl.Now);
                    Close();
                }

                _uptime = uptime;

                // The quickest answer is nearest to the truth.
                _lives[^1].Start = Math.Min(_lives[^1].Start, StackControl.Now - (long)(uptime * 1e6));
                _lives[^1].Counters =
                    statistics["counters"]!.AsArray().GroupBy(KeyOf).ToDictionary(one => one.Key, one => one.Sum(counter => (long)counter!["value"]!));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private static (string Name, string Tag, string Detail) KeyOf(JsonNode? counter) =>
        ((string)counter!["name"]!, (string?)counter["tag"] ?? "", (string?)counter["detail"] ?? "");

    private void Close()
    {
        _lives[^1].End = StackControl.Now;
        _lives.Add(new ChaosLife());
        _uptime = 0;
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync();
                await Task.Delay(Look, _stop.Token);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
            {
                // It is being started again, or all is over.
                await Task.Delay(Look, CancellationToken.None);
            }
        }
    }
}
