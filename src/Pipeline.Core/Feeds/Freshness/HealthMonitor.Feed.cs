using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <content>What the feed tells.</content>
public sealed partial class HealthMonitor
{
    private const string Aside = "+";

    private readonly Dictionary<string, Carrier> _carriers = new(StringComparer.Ordinal);

    /// <summary>Listens to a feed until this is disposed; to be called before the feed is started.</summary>
    public void Attach(IObservable<FeedEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _feeds.Add(events.Subscribe(happened => Do(() => Take(happened))));
    }

    /// <summary>Tells apart the sockets of a connection: its legs, and the replacement of each.</summary>
    private static string SocketOf(FeedEvent happened) => (happened.Leg ?? happened.Connection) + (happened.IsAside ? Aside : "");

    private void Take(FeedEvent happened)
    {
        var now = _clock.Now;
        switch (happened)
        {
            case ConnectionOpened:
                CarrierOf(happened).Sockets++;
                break;
            case ConnectionLost { Info.WasConnected: true }:
                Lose(CarrierOf(happened), SocketOf(happened), now);
                break;
            case ConnectionGivenUp:
                GiveUp(CarrierOf(happened), now);
                break;
            case ConnectionPaused:
                Pause(CarrierOf(happened), SocketOf(happened), now);
                break;
            case ConnectionResumed:
                Resume(CarrierOf(happened), SocketOf(happened), now);
                break;
            case StreamsSettled settled:
                Take(settled.Outcome, CarrierOf(happened), now);
                break;
            default:
                break;
        }
    }

    private void Take(SubscriptionOutcome outcome, Carrier carrier, long now)
    {
        foreach (var name in outcome.Streams)
        {
            if (!_streams.TryGetValue(name, out var watched))
            {
                continue;
            }

            if (outcome.Action == SubscriptionAction.Unsubscribe)
            {
                // Left for another connection, or to be subscribed to again: whether it is wanted is said elsewhere.
                Remove(watched, carrier);
            }
            else if (outcome.IsConfirmed)
            {
                Confirm(watched, carrier, now);
            }
            else if (watched.Freshness.State is HealthState.Starting or HealthState.Stale)
            {
                // A refusal of a stream that has data concerns a second connection, or a repetition.
                Settle(watched, watched.Freshness.Stop(FreshnessReason.Refused, now), now);
            }
        }
    }

    private void Confirm(MonitoredStream watched, Carrier carrier, long now)
    {
        carrier.Sockets = Math.Max(1, carrier.Sockets);
        carrier.Streams.Add(watched);
        watched.Carriers.Remove(carrier.Name);
        watched.Carriers.Add(carrier.Name);
        watched.ConfirmedTime = _clock.Market;
        watched.IsRestarted = true;
        Settle(watched, watched.Freshness.Confirm(now), now);
    }

    /// <summary>While a connection is replaced it has two sockets: its streams are without data only when the last one ends.</summary>
    private void Lose(Carrier carrier, string socket, long now)
    {
        carrier.Sockets = Math.Max(0, carrier.Sockets - 1);
        carrier.Paused.Remove(socket);
        if (carrier.Sockets > 0)
        {
            ApplyPause(carrier, now);
            return;
        }

        carrier.Paused.Clear();
        foreach (var watched in carrier.TakeStreams())
        {
            watched.Carriers.Remove(carrier.Name);
            if (watched.Carriers.Count == 0)
            {
                // What came before the end counts: the outage begins behind it.
                Look(watched, now);
                Settle(watched, watched.Freshness.Lose(now), now);
            }
        }
    }

    private void GiveUp(Carrier carrier, long now)
    {
        carrier.Sockets = 0;
        foreach (var watched in carrier.TakeStreams())
        {
            watched.Carriers.Remove(carrier.Name);
            if (watched.Carriers.Count == 0)
            {
                Settle(watched, watched.Freshness.Stop(FreshnessReason.GivenUp, now), now);
            }
        }
    }

    private void Pause(Carrier carrier, string socket, long now)
    {
        carrier.Paused.Add(socket);
        ApplyPause(carrier, now);
    }

    private void Resume(Carrier carrier, string socket, long now)
    {
        // A replacement that was paused may be the leg by now.
        carrier.Paused.Remove(socket);
        carrier.Paused.Remove(socket + Aside);
        ApplyPause(carrier, now);
    }

    /// <summary>Paused are those of which no socket is read.</summary>
    private void ApplyPause(Carrier carrier, long now)
    {
        var isPaused = carrier.Paused.Count > 0 && carrier.Paused.Count >= carrier.Sockets;
        if (isPaused == carrier.IsPaused)
        {
            return;
        }

        carrier.IsPaused = isPaused;
        foreach (var watched in carrier.Streams)
        {
            if (!isPaused)
            {
                Settle(watched, watched.Freshness.Resume(now), now);
            }
            else if (watched.Carriers.Count == 1)
            {
                Settle(watched, watched.Freshness.Pause(now), now);
            }
        }
    }

    private void Leave(MonitoredStream watched)
    {
        foreach (var name in watched.Carriers.ToList())
        {
            Remove(watched, _carriers[name]);
        }
    }

    private static void Remove(MonitoredStream watched, Carrier carrier)
    {
        carrier.Streams.Remove(watched);
        watched.Carriers.Remove(carrier.Name);
    }

    private Carrier CarrierOf(FeedEvent happened)
    {
        var name = LegNames.ConnectionOf(happened.Connection);
        if (!_carriers.TryGetValue(name, out var carrier))
        {
            _carriers.Add(name, carrier = new Carrier(name));
        }

        return carrier;
    }

    /// <summary>A place in the pool, and what is on it.</summary>
    private sealed class Carrier(string name)
    {
        public string Name => name;

        public int Sockets { get; set; }

        public bool IsPaused { get; set; }

        public HashSet<string> Paused { get; } = new(StringComparer.Ordinal);

        public HashSet<MonitoredStream> Streams { get; private set; } = [];

        public HashSet<MonitoredStream> TakeStreams()
        {
            var taken = Streams;
            (Streams, IsPaused) = ([], false);
            return taken;
        }
    }
}
