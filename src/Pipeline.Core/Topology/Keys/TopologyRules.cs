using Pipeline.Core.Market;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Rules between sections.</summary>
internal static class TopologyRules
{
    public static IEnumerable<Breach> RecordedClockHasReplay(TopologyFile topology)
    {
        if (topology.Clock == ClockMode.Recorded && topology.Simulator?.Replay is null)
        {
            yield return new Breach("clock", "a recorded clock needs a recording",
                "add simulator.replay.recording, or write clock: system");
        }
        else if (topology is { Clock: ClockMode.Recorded, Simulator.Replay.Speed: 0 })
        {
            yield return new Breach("simulator.replay.speed", "a recorded clock cannot run as fast as the connection takes it",
                "write a speed above 0, such as 10, or clock: system")
            {
                Other = "clock",
            };
        }
    }

    public static IEnumerable<Breach> LanesFitPartitions(TopologyFile topology)
    {
        var (lanes, partitions) = (topology.Graph.Lanes, topology.Kafka.Partitions);
        if (lanes > partitions)
        {
            yield return new Breach("graph.lanes", $"{lanes} lanes share {partitions} partitions: some would idle",
                $"write {partitions} or less");
        }
    }

    /// <summary>Everything that a stack of this file listens on must have a port of its own.</summary>
    public static IEnumerable<Breach> PortsDiffer(TopologyFile topology)
    {
        var taken = new Dictionary<int, string>();
        foreach (var (key, port) in Listeners(topology))
        {
            if (!taken.TryAdd(port, key))
            {
                yield return new Breach(key, $"port {port} is also that of {taken[port]}", "give each a port of its own")
                {
                    Other = taken[port],
                };
            }
        }
    }

    /// <summary>The topic is made only where it is asked for.</summary>
    public static IEnumerable<Breach> RecordingHasTopic(TopologyFile topology)
    {
        if (topology.Record.IsTopic && !topology.Kafka.Raw)
        {
            yield return new Breach("record.to", "there is no topic for frames", "write kafka.raw: true, or a folder here")
            {
                Other = "kafka.raw",
            };
        }
    }

    /// <summary>A venue that is not taken has no instruments to name.</summary>
    public static IEnumerable<Breach> DefaultVenueIsTaken(TopologyFile topology)
    {
        if (topology.Gateway?.DefaultVenue is { } name && topology.Venues.All(venue => venue.Name != name))
        {
            yield return new Breach("gateway.defaultVenue", $"there is no venue {name} in this file",
                $"choose one of {string.Join(", ", topology.Venues.Select(venue => venue.Name))}");
        }
    }

    /// <summary>An instrument that the simulated venue does not have would be refused or silent for ever.</summary>
    public static IEnumerable<Breach> SimulatorHasInstruments(TopologyFile topology, IReadOnlyList<KnownVenue> known)
    {
        if (topology.Simulator is not { Replay: null } simulator)
        {
            yield break;
        }

        var listens = simulator.VenueListens.Select(one => one.Address.Authority).ToHashSet(StringComparer.Ordinal);
        foreach (var venue in topology.Venues.Where(venue => listens.Contains(venue.WebSocketEndpoint.Authority)))
        {
            if (known.First(one => one.Name == venue.Name) is not { SymbolOf: { } symbolOf, IsOfTokens: false })
            {
                continue;
            }

            var listed = InstrumentDirectory.OfNames(venue.Name, simulator.Symbols.Select(symbol => symbol.Instrument), symbolOf);
            for (var i = 0; i < venue.Instruments.Count; i++)
            {
                if (venue.Instruments[i] is { IsOpen: false, Name: { } name } && listed.Find(name).Count == 0)
                {
                    yield return new Breach(
                        $"venues.{venue.Name}.instruments[{i}]", $"the simulator has no {name}",
                        "add it to simulator.symbols, or remove it here");
                }
            }
        }
    }

    private static IEnumerable<(string Key, int Port)> Listeners(TopologyFile topology)
    {
        yield return ("collector.listen", topology.Collector.Listen.Port);
        if (topology.Gateway is { } gateway)
        {
            yield return ("gateway.listen", gateway.Listen.Port);
        }

        if (topology is { Gateway: not null, Candles.Service: { Enabled: true, Listen: { } candles } })
        {
            yield return ("candles.listen", candles.Port);
        }

        if (topology.Kafka.Embedded)
        {
            yield return ("kafka.bootstrapServers", ServersShape.PortOf(topology.Kafka.BootstrapServers));
        }

        if (topology.Simulator is { } simulator)
        {
            foreach (var (key, address) in simulator.VenueListens)
            {
                yield return ($"simulator.{key}", address.Port);
            }

            yield return ("simulator.controlListen", simulator.ControlListen.Port);
        }
    }
}
