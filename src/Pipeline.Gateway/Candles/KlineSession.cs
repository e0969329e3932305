using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.WebSockets;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// One client of the candle service, over whichever connection it comes. Its events are handled one after the other, also those of two
/// connections of which one takes the other's place: so a client has one history on its way at most.
/// </summary>
internal sealed partial class KlineSession : IDisposable
{
    // All its subscriptions at once, and a steady few events after that. Beyond twice as much it is not even told.
    public const int EventsPerSecond = 50;
    public const int EventBurst = 300;

    /// <summary>As metrics and rows name it.</summary>
    public const string Protocol = "socket.io";

    // Ours, ccxt's, TradingView's and the venue's.
    private const int SpellingsOfSeries = 4;

    private readonly CandleService _service;
    private readonly bool _strings;
    private readonly Dictionary<string, KlineSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Lock _order = new();
    private volatile IKlineClient _client;
    private Task _handling = Task.CompletedTask;
    private TokenBucket _budget;
    private ITimer? _idle;
    private ITimer? _grace;
    private TimeSpan _graceTime;
    private int _ids;
    private volatile bool _isClosed;

    public KlineSession(CandleService service, IKlineClient client, bool strings)
    {
        _service = service;
        _strings = strings;
        _client = client;
        _quota = service.QuotaOf(client);
        _tally = new SessionTally(service.Time);
        StartIdle();
    }

    /// <summary>Its connection; another one after it came back.</summary>
    public IKlineClient Client => _client;

    /// <summary>Its connection broke, and it may come back.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Rooms it is in. Only for the hub's thread.</summary>
    public HashSet<string> Joined { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers an event, when those before it are answered.</summary>
    /// <param name="from">The connection it came over; nothing is done for one whose place another has taken.</param>
    /// <param name="argument">Its first argument; null when there is none.</param>
    /// <returns>The answer once more, for an acknowledgement.</returns>
    public Task<ReadOnlyMemory<byte>> HandleAsync(IKlineClient from, string name, JsonElement? argument, CancellationToken cancellation = default)
    {
        _tally.Heard();
        lock (_order)
        {
            var handling = HandleAfterAsync(_handling, from, name, argument, cancellation);
            _handling = handling;
            return handling;
        }
    }

    private async Task<ReadOnlyMemory<byte>> HandleAfterAsync(
        Task before, IKlineClient from, string name, JsonElement? argument, CancellationToken cancellation)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!from.Equals(Client))
        {
            return "{}"u8.ToArray();
        }

        if (!_budget.TryTake(EventsPerSecond, EventBurst, _service.Time.GetElapsedTime(0)))
        {
            return Refuse(KlineError.RateLimited);
        }

        if (!_quota.TryMessage())
        {
            return Refuse(KlineError.AddressRateLimited);
        }

        try
        {
            return name switch
            {
                KlineEvents.Subscribe => await SubscribeAsync(argument, cancellation),
                KlineEvents.Unsubscribe => await UnsubscribeAsync(argument, cancellation),
                KlineEvents.History => await HistoryAsync(argument, cancellation),
                _ => Refuse(KlineError.Event),
            };
        }
        catch (Exception error) when (error is HubUnavailableException or HistoryException)
        {
            _service.Failed(error);
            return Refuse(KlineError.Internal);
        }
    }

    /// <summary>A connection broke: what the client holds stays for so long, unless it goes on over another one already.</summary>
    public void Suspend(IKlineClient client, TimeSpan grace)
    {
        lock (_gate)
        {
            if (_isClosed || IsSuspended || !client.Equals(_client))
            {
                return;
            }

            IsSuspended = true;
            _idle?.Dispose();
            _idle = null;
            _graceTime = grace;
            _grace = _service.Time.CreateTimer(_ => Expire(client), null, grace, Timeout.InfiniteTimeSpan);
        }

        _service.Suspended.Add(this, _subscriptions.Count);
        if (!IsSuspended)
        {
            _service.Suspended.Remove(this);
        }
    }

    /// <summary>
    /// The client is coming back: from here on it is not let go for want of room, and has its whole time for <see cref="TryResume"/>. False when
    /// it comes too late.
    /// </summary>
    public bool TryClaim()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _grace?.Change(_graceTime, Timeout.InfiniteTimeSpan);
        }

        _service.Suspended.Remove(this);
        return true;
    }

    /// <summary>The client left over this connection, which is the end unless it goes on over another one already.</summary>
    public void End(IKlineClient client)
    {
        lock (_gate)
        {
            if (!client.Equals(_client))
            {
                return;
            }

            _isClosed = true;
        }

        Dispose();
    }

    /// <summary>The client came back on another connection; false when it came too late.</summary>
    public bool TryResume(IKlineClient client)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _grace?.Dispose();
            _grace = null;
            IsSuspended = false;
            _client = client;
        }

        _service.Suspended.Remove(this);

        // A room that was joined while one connection took the other's place is known to the one that is gone.
        _service.Resumed(this);
        if (_subscriptions.Count == 0)
        {
            StartIdle();
        }

        return true;
    }

    /// <summary>Gives up everything it holds: rooms, timer, place among the clients.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _idle?.Dispose();
            _idle = null;
            _grace?.Dispose();
            _grace = null;
        }

        _service.Suspended.Remove(this);
        _service.Remove(this);
    }

    /// <summary>Others need the room: it is not waited for any longer.</summary>
    public void Expire() => Expire(Client);

    private void StartIdle()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _idle ??= _service.Time.CreateTimer(_ => LetGo(), null, _service.Options.ConnectionTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void StopIdle()
    {
        lock (_gate)
        {
            _idle?.Dispose();
            _idle = null;
        }
    }

    /// <summary>Nobody came back in time.</summary>
    private void Expire(IKlineClient client)
    {
        lock (_gate)
        {
            if (!IsSuspended || !client.Equals(_client))
            {
                return;
            }

            _isClosed = true;
        }

        Dispose();
    }

    private void LetGo()
    {
        lock (_gate)
        {
            if (_idle is null)
            {
                return;
            }
        }

        Refuse(KlineError.Idle(_service.Options.ConnectionTimeout));
        Client.Disconnect();
    }
}
