using Pipeline.Core.Topology;

namespace Pipeline.Host.Doctor;

/// <summary>The topology itself, which was read without an error when this runs: what it was taken from.</summary>
internal sealed class TopologyCheck(TopologyFile topology, Func<string, string?> environment) : ICheck
{
    public string Name => "topology";

    public Task<Finding> RunAsync(CancellationToken cancellation)
    {
        var venues = string.Join(", ", topology.Venues.Select(venue => venue.Name));
        var brokers = string.IsNullOrEmpty(environment(KafkaOptions.ServersVariable)) ? "" : $" (from {KafkaOptions.ServersVariable})";
        return Task.FromResult(Finding.Ok($"{topology.Path} is valid: {venues}; brokers {topology.Kafka.BootstrapServers}{brokers}"));
    }
}
