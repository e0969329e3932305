using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Doctor.Kafka;
using Pipeline.Host.Doctor.Machine;
using Pipeline.Host.Doctor.Venues;
using Pipeline.Host.Supervision;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Examination;

namespace Pipeline.Host.Doctor;

/// <summary>Which checks a topology asks for: only what it names is looked at. To be disposed of when they are over.</summary>
internal sealed class DoctorPlan : IDisposable
{
    private const long Megabyte = 1L << 20;

    private readonly List<VenueProbe> _venues = [];
    private readonly List<ICheck> _checks = [];

    public DoctorPlan(TopologyFile topology, CommandContext context)
    {
        _checks.Add(new TopologyCheck(topology, context.Environment));
        AddPorts(topology, context);
        AddMachine(topology, context);
        AddKafka(topology.Kafka, context.Time);
        foreach (var venue in topology.Venues)
        {
            var probe = new VenueProbe(venue, context.Time);
            _venues.Add(probe);
            _checks.AddRange(new VenueChecks(probe).Make());
        }
    }

    /// <summary>In the order in which they are told; what a check needs stands before it.</summary>
    public IReadOnlyList<ICheck> Checks => _checks;

    public void Dispose() => _venues.ForEach(venue => venue.Dispose());

    private void AddKafka(KafkaOptions kafka, TimeProvider time)
    {
        var exam = new ClusterExam(kafka);
        var connection = new KafkaCheck("connection", token => exam.ConnectAsync(time, token));
        var permissions = new KafkaCheck("permissions", _ => exam.ExaminePermissionsAsync(), connection);

        // A topic that we may not see looks like one that is missing.
        var topics = new KafkaCheck("topics", _ => Task.FromResult(exam.ExamineTopics()), permissions);
        _checks.AddRange(
        [
            connection,
            permissions,
            topics,
            new KafkaCheck("settings", _ => exam.ExamineSettingsAsync(), topics),
            new KafkaCheck("producer", exam.ExamineProducerAsync, connection),
        ]);
    }

    private void AddPorts(TopologyFile topology, CommandContext context)
    {
        var folder = new RunFolder(TopologyFinder.FindRunFolder(context.WorkingFolder));
        var ours = folder.Read()?.Children.Where(child => child.Pid is not null)
            .ToDictionary(child => child.Name, child => child.Pid!.Value, StringComparer.Ordinal) ?? [];

        // Nobody asks the processes themselves.
        using var client = new HttpClient();
        foreach (var spec in StackPlan.Of(topology, topology.Path, new Executable("", []), client))
        {
            _checks.AddRange(spec.Ports.Select(port => new PortFreeCheck(spec.Name, port, PortCheck.Find, PortHolder.Find, ours)));
        }
    }

    private void AddMachine(TopologyFile topology, CommandContext context)
    {
        string Full(string path) => Path.GetFullPath(path, context.WorkingFolder);
        if (topology.Record is { Enabled: true, IsTopic: false } record)
        {
            _checks.Add(new DiskCheck("recordings", "record.to", Full(record.To), (record.Keep * topology.Venues.Count, "record.keep, of each venue"), FreeIn));
        }

        if (topology is { Gateway: not null, History: { Enabled: true } history })
        {
            _checks.Add(new DiskCheck("history", "history.path", Path.GetDirectoryName(Full(history.Path))!, (history.MaxSize, "history.maxSize"), FreeIn));
        }

        var connections = topology.Venues.Sum(ConnectionsOf);
        _checks.Add(new FileLimitCheck(FileLimitCheck.LimitsPath, connections, topology.Gateway?.MaxConnections ?? 0));
        _checks.Add(new MemoryCheck(MemoryCheck.Available, [.. MemoryOf(topology)]));
    }

    private static long FreeIn(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>As many as the pool would open; where only the venue's list tells how many streams there are, its most.</summary>
    private static int ConnectionsOf(VenueOptions venue)
    {
        var limits = KnownVenues.Adapter(venue.Name).Limits;
        var most = venue.Pool.MaxConnections ?? limits.MaxConnections;
        var room = venue.Pool.MaxStreamsPerConnection ?? limits.MaxStreamsPerConnection;

        // A connection more for each further route.
        return VenuePlan.CountStreams(venue) is { } streams ? Math.Min(most, ((streams + room - 1) / room * venue.Legs) + 1) : most;
    }

    /// <summary>Measured on the local stack and by <c>make soak</c>, with room to spare; what the topology bounds is taken from there.</summary>
    private static IEnumerable<(string Part, long Bytes)> MemoryOf(TopologyFile topology)
    {
        if (topology.Kafka.Embedded)
        {
            yield return ("broker", 256 * Megabyte);
        }

        if (topology.Simulator is not null)
        {
            yield return ("simulator", 256 * Megabyte);
        }

        yield return ("collector", 512 * Megabyte);
        if (topology.Gateway is { } gateway)
        {
            yield return ("gateway", gateway.MemoryLimit);
        }
    }
}
