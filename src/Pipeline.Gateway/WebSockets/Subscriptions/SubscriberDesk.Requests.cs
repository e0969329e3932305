using System.Globalization;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <content>Requests of clients.</content>
internal sealed partial class SubscriberDesk
{
    /// <summary>Takes a filter on; one of the same name is replaced, and the streams that both take go on undisturbed.</summary>
    /// <returns>The code and text of an error; null when it was done.</returns>
    public (string Code, string Message)? Subscribe(HubView view, Subscriber who, ClientRequest request, SymbolResolution resolution)
    {
        var filterId = request.FilterId ?? NameFor(who);
        var replaced = who.Filters.GetValueOrDefault(filterId);
        if (replaced is null && who.Filters.Count >= who.Options.MaxFilters)
        {
            return (ErrorCodes.SubscriptionLimit, string.Create(CultureInfo.InvariantCulture, $"A client may have {who.Options.MaxFilters} filters."));
        }

        if (resolution.Unknown.Count > 0 && resolution.Version != view.Instruments.Version)
        {
            // The instruments have come since it was asked, as they do while a log is read.
            resolution = SymbolResolver.Resolve(view.Instruments, request.Filter.Exchanges, request.Filter.Symbols);
        }

        var filter = MakeSubscription(view, who, filterId, request.Filter, resolution);
        if (Match(view, who, filter, replaced, out var more) is not { } streams)
        {
            return (ErrorCodes.SubscriptionLimit, string.Create(CultureInfo.InvariantCulture, $"A client may have {who.Options.MaxStreams} streams."));
        }

        if (!who.Quota.Allows(more))
        {
            return (ErrorCodes.SubscriptionLimit, "The clients of this address have as many streams as they may.");
        }

        who.Filters[filterId] = filter;
        _idle.Remove(who);
        _index.Add(filter);
        var replay = new StreamReplay(view);
        var (recovered, lost) = EnterAll(replay, filter, streams, replaced, request.Resume);
        if (request.MaxRate is { } rate)
        {
            who.Outlet.SetMaximumRate(rate);
        }

        Note(who);
        who.Outlet.Post(
            Replies.Ack(request.Id, filterId, streams.Count, json =>
            {
                Replies.WritePlaces(json, "unknown"u8, resolution.Unknown);
                Replies.WritePlaces(json, "ambiguous"u8, resolution.Ambiguous);
                if (request.Resume is { } resume)
                {
                    // What is asked about streams that are not there cannot be promised.
                    json.WriteBoolean("recovered"u8, lost.Count == 0 && recovered == resume.Streams.Count);
                    Replies.WriteNames(json, "notRecovered"u8, lost);
                }
            }),
            Delivery.Required);
        return null;
    }

    /// <summary>Gives a filter up, or all of them.</summary>
    /// <returns>The code and text of an error; null when it was done.</returns>
    public (string Code, string Message)? Unsubscribe(HubView view, Subscriber who, ClientRequest request)
    {
        if (request.FilterId is { } id)
        {
            if (!who.Filters.TryGetValue(id, out var filter))
            {
                return (ErrorCodes.UnknownFilter, "The client has no filter of this name.");
            }

            End(who, filter);
            who.Filters.Remove(id);
        }
        else
        {
            foreach (var filter in who.Filters.Values)
            {
                End(who, filter);
            }

            who.Filters.Clear();
        }

        if (who.Filters.Count == 0)
        {
            StartIdle(view, who);
        }

        Note(who);
        who.Outlet.Post(Replies.Ack(request.Id, request.FilterId, who.Streams.Count), Delivery.Required);
        return null;
    }

    private static string NameFor(Subscriber who)
    {
        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"auto-{who.NextFilter++}");
        }
        while (who.Filters.ContainsKey(name));
        return name;
    }

    private static void Note(Subscriber who)
    {
        Volatile.Write(ref who.FilterCount, who.Filters.Count);
        Volatile.Write(ref who.StreamCount, who.Streams.Count);
    }

    private static Subscription MakeSubscription(HubView view, Subscriber who, string id, FilterSpec spec, SymbolResolution resolution)
    {
        var venues = spec.Exchanges.Count == 0
            ? null
            : spec.Exchanges.SelectMany(exchange => SymbolResolver.VenuesOf(view.Instruments, exchange)).ToHashSet(StringComparer.Ordinal);

        // What is not in the directory may be a stream's own name all the same.
        List<string> unknown = [.. spec.Symbols.Where(SymbolResolver.IsPattern)];
        resolution.Unknown.RemoveAll(place =>
        {
            var name = spec.Symbols[place];
            var keys = ((IEnumerable<string>?)venues ?? view.Streams.Venues).Select(venue => $"{venue}:{name}").Append(name)
                .Where(key => view.Streams.FindInstrument(key) is not null).ToList();
            resolution.Keys!.UnionWith(keys);
            if (keys.Count == 0 && !SymbolResolver.IsPattern(name))
            {
                unknown.Add(name);
            }

            return keys.Count > 0;
        });

        var filter = new StreamFilter
        {
            Venues = venues,
            Instruments = resolution.Keys,
            DataTypes = spec.DataTypes,
            Minor = spec.Minor || view.Options.Minor,
        };
        return new Subscription(who, id, filter, spec.Exchanges, unknown);
    }

    /// <summary>The streams of a filter; null when the client would have too many.</summary>
    /// <param name="replaced">The filter that goes for it, and what that alone takes; null = none.</param>
    /// <param name="more">Streams that the client will have more than now; less than 0 = fewer.</param>
    private static List<MarketStream>? Match(HubView view, Subscriber who, Subscription filter, Subscription? replaced, out int more)
    {
        var streams = new List<MarketStream>();
        var count = who.Streams.Values.Count(one => !IsOnlyOf(replaced, one));
        more = 0;
        foreach (var stream in filter.Filter.Of(view.Streams))
        {
            streams.Add(stream);
            count += who.Streams.TryGetValue(stream, out var known) && !IsOnlyOf(replaced, known) ? 0 : 1;
            if (count > who.Options.MaxStreams)
            {
                return null;
            }
        }

        more = count - who.Streams.Count;
        return streams;
    }

    /// <summary>Whether no other filter of the client takes it.</summary>
    private static bool IsOnlyOf(Subscription? filter, Membership membership) => filter is not null && membership.Filters == 1 && IsOf(filter, membership);

    private static bool IsOf(Subscription filter, Membership membership) =>
        filter.Filter.Takes(membership.Stream) && filter.Missed?.Contains(membership.Stream) != true;

    /// <summary>What both take goes on undisturbed; what only the old one takes goes before the new comes, so that there is room for it.</summary>
    private (int Recovered, List<string> Lost) EnterAll(
        StreamReplay replay, Subscription filter, List<MarketStream> streams, Subscription? replaced, ResumeSpec? resume)
    {
        var had = replaced is null ? null : streams.Where(filter.Owner.Streams.ContainsKey).ToHashSet();
        var recovered = 0;
        List<string> lost = [];
        if (had is not null)
        {
            EnterEach(had);
            End(filter.Owner, replaced!);
            EnterEach(streams.Where(stream => !had.Contains(stream)));
        }
        else
        {
            EnterEach(streams);
        }

        return (recovered, lost);

        void EnterEach(IEnumerable<MarketStream> some)
        {
            foreach (var stream in some)
            {
                long? cursor = null;
                if (resume is not null && resume.Streams.TryGetValue(stream.Name, out var seq))
                {
                    if (filter.Owner.Streams.ContainsKey(stream) || replay.CanRecover(stream, resume.Epoch, seq))
                    {
                        cursor = seq;
                        recovered++;
                    }
                    else
                    {
                        lost.Add(stream.Name);
                    }
                }

                Enter(filter, stream, cursor);
            }
        }
    }

    /// <summary>A filter takes a stream.</summary>
    /// <param name="cursor">Replay what comes after it; null = the snapshot first.</param>
    private void Enter(Subscription filter, MarketStream stream, long? cursor)
    {
        var who = filter.Owner;
        if (!who.Streams.TryGetValue(stream, out var membership))
        {
            if (who.Streams.Count >= who.Options.MaxStreams || !who.Quota.TryTakeStream())
            {
                (filter.Missed ??= []).Add(stream);
                TellOfLimit(who);
                return;
            }

            who.Streams.Add(stream, membership = new Membership(who, stream) { Cursor = cursor ?? Membership.FromSnapshot });
            Volatile.Write(ref who.StreamCount, who.Streams.Count);
        }

        membership.Filters++;
        membership.MinorFilters += filter.Filter.Minor ? 1 : 0;
        Place(membership);
        if (!membership.IsIn)
        {
            Queue(membership);
        }
    }

    private void End(Subscriber who, Subscription filter)
    {
        filter.HasEnded = true;
        _index.Remove(filter);
        foreach (var membership in who.Streams.Values.Where(one => IsOf(filter, one)).ToList())
        {
            membership.Filters--;
            membership.MinorFilters -= filter.Filter.Minor ? 1 : 0;
            if (membership.Filters == 0)
            {
                Leave(membership);
                who.Streams.Remove(membership.Stream);
                who.Quota.ReturnStreams(1);
            }
            else
            {
                Place(membership);
            }
        }

        who.WasToldOfLimit = false;
    }

    /// <summary>Whether minor records are wanted may change with every filter.</summary>
    private static void Place(Membership membership)
    {
        var isMinor = membership.MinorFilters > 0;
        if (isMinor == membership.IsMinor)
        {
            return;
        }

        membership.IsMinor = isMinor;
        if (membership.IsIn)
        {
            var (stream, outlet) = (membership.Stream, membership.Owner.Outlet);
            (isMinor ? stream.Room : stream.MinorRoom).Remove(outlet);
            (isMinor ? stream.MinorRoom : stream.Room).Add(outlet);
        }
    }

    private static void TellOfLimit(Subscriber who)
    {
        if (!who.WasToldOfLimit)
        {
            who.WasToldOfLimit = true;
            who.Outlet.Post(
                Replies.Error(null, ErrorCodes.SubscriptionLimit, "New streams match the filters, and there are as many as a client, or all of its address, may have."),
                Delivery.Required);
        }
    }
}
