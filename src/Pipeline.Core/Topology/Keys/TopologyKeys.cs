namespace Pipeline.Core.Topology.Keys;

/// <summary>
/// Every key of a topology file, once: from here come the reading, the "did you mean", the JSON Schema for editors and the reference.
/// </summary>
internal static class TopologyKeys
{
    public static Section<TopologyFile> Make(IReadOnlyList<KnownVenue> known)
    {
        var venues = new MapShape<VenueOptions>(
            new MapNames("venue", known[0].Name) { Known = [.. known.Select(venue => venue.Name)], Minimum = 1 },
            name => VenueKeys.Make(known.First(venue => venue.Name == name)));
        return new Section<TopologyFile>(() => new TopologyFile())
            .Key("clock", new ChoiceShape<ClockMode>("clock", [("system", ClockMode.System), ("recorded", ClockMode.Recorded)]),
                o => o.Clock, (o, v) => o with { Clock = v },
                "Which clock closes candles and judges lag: the machine's, or the arrival times of the recording that is replayed.")
            .Key("kafka", KafkaKeys.Make(), _ => null, (o, v) => o with { Kafka = v }, "Where records are written.")
            .Required("venues", venues, (o, v) => o with { Venues = [.. v.Select(venue => venue.Value)] }, "What is taken, and from where.")
            .Key("candles", CandleKeys.Make(), _ => null, (o, v) => o with { Candles = v }, "Which candles are made.")
            .Key("books", BookKeys.Make(), _ => null, (o, v) => o with { Books = v }, "How order books are published.")
            .Key("repair", RepairKeys.Make(), _ => null, (o, v) => o with { Repair = v }, "How missing trades are waited for and fetched.")
            .Key("displayFilter", DisplayFilterKeys.Make(), _ => null, (o, v) => o with { DisplayFilter = v },
                "Marks quotes and books that hardly moved.")
            .Key("restart", RestartKeys.Make(), _ => null, (o, v) => o with { Restart = v },
                "How a collector goes on where the last one has ended, and when it takes over.")
            .Key("audit", AuditKeys.Make(), _ => null, (o, v) => o with { Audit = v }, "Compares our candles with the venues' own.")
            .Key("record", RecordKeys.Make(), _ => null, (o, v) => o with { Record = v }, "Records the frames as they arrive, for replay.")
            .Key("graph", GraphKeys.Make(), _ => null, (o, v) => o with { Graph = v }, "Bounds of the processing graph, in batches.")
            .Key("metrics", MetricsKeys.Make(), _ => null, (o, v) => o with { Metrics = v }, "Where figures and traces are sent, beside /metrics.")
            .Key("log", LogKeys.Make(), _ => null, (o, v) => o with { Log = v }, "How the log is written.")
            .Key("collector", CollectorKeys.Make(), _ => null, (o, v) => o with { Collector = v }, "The collector itself and its HTTP port.")
            .Key("gateway", GatewayKeys.Make(), _ => null, (o, v) => o with { Gateway = v },
                "The gateway for browsers: page, WebSocket and HTTP API. Left out: 'pipeline up' starts none.")
            .Key("history", HistoryKeys.Make(), _ => null, (o, v) => o with { History = v }, "Where the gateway keeps candles, and how many.")
            .Key("simulator", SimulatorKeys.Make(), _ => null, (o, v) => o with { Simulator = v },
                "The offline exchange. Left out: none is started.")
            .Complete((o, isGiven) => isGiven("graph.lanes") ? o : WithFewerLanes(o))
            .Rule(["clock", "simulator.replay"], TopologyRules.RecordedClockHasReplay)
            .Rule(["graph.lanes", "kafka.partitions"], TopologyRules.LanesFitPartitions)
            .Rule(["kafka", "collector", "gateway", "simulator"], TopologyRules.PortsDiffer)
            .Rule(["kafka.raw", "record.to"], TopologyRules.RecordingHasTopic)
            .Rule(["venues", "gateway.defaultVenue"], TopologyRules.DefaultVenueIsTaken)
            .Rule(["venues", "simulator"], topology => TopologyRules.SimulatorHasInstruments(topology, known));
    }

    // Only a number of lanes that somebody has written can be too many.
    private static TopologyFile WithFewerLanes(TopologyFile topology) =>
        topology with { Graph = topology.Graph with { Lanes = Math.Min(topology.Graph.Lanes, topology.Kafka.Partitions) } };
}
