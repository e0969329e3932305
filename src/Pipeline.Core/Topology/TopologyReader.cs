using System.Net;
using System.Text;
using Pipeline.Core.Topology.Keys;
using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology;

/// <summary>
/// Reads topology files. Never throws because of what stands in a file or because it cannot be opened: it answers with the topology or
/// with every error there is, so that a file is mended in one go.
/// </summary>
/// <param name="venues">Venues this program can talk to; at least one.</param>
/// <param name="environment">Looks up an environment variable; null = the process's own.</param>
public sealed class TopologyReader(IReadOnlyList<KnownVenue> venues, Func<string, string?>? environment = null)
{
    /// <summary>Largest file read, in bytes.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly Section<TopologyFile> _keys = TopologyKeys.Make(venues);
    private readonly Func<string, string?> _environment = environment ?? Environment.GetEnvironmentVariable;

    /// <summary>Reads a file.</summary>
    public TopologyResult ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxFileBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxFileBytes)
            {
                return Refuse(path, "the file is larger than 1 MiB", "a topology is some kilobytes: is this the right file?");
            }

            var text = Utf8.GetString(bytes, 0, length);
            return ReadText(text.StartsWith('\uFEFF') ? text[1..] : text, path);
        }
        catch (DecoderFallbackException)
        {
            return Refuse(path, "the file is not UTF-8 text", "save it as UTF-8");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse(path, "file not found", "name a topology file, such as topology/local.yaml");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse(path, $"the file cannot be read ({fault.Message})", "check the path and its permissions");
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">What errors call the file.</param>
    public TopologyResult ReadText(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        var scope = new ReadScope(name, _environment);
        TopologyFile? topology = null;
        try
        {
            var root = YamlTree.Read(text);
            if (root is null or ScalarNode { IsNull: true })
            {
                scope.Fail("", Position.Start, "the file is empty", "copy topology/local.yaml and change it");
            }
            else
            {
                _keys.TryRead(scope, root, "", out topology);
            }
        }
        catch (YamlFault fault)
        {
            scope.Fail("", fault.Position, fault.Message, fault.Hint);
        }

        topology = ApplyListen(scope, ApplyServers(scope, topology));
        return scope.ErrorCount > 0 ? new TopologyResult(null, scope.Errors) : new TopologyResult(topology! with { Path = name }, []);
    }

    private static TopologyResult Refuse(string path, string message, string hint) =>
        new(null, [new TopologyError(path, 0, 0, "", message, hint)]);

    /// <summary>Brokers named by the environment are somebody's real ones: they are not ours to start or to treat as embedded.</summary>
    private TopologyFile? ApplyServers(ReadScope scope, TopologyFile? topology)
    {
        var servers = _environment(KafkaOptions.ServersVariable);
        if (string.IsNullOrWhiteSpace(servers) || servers == topology?.Kafka.BootstrapServers)
        {
            return topology;
        }

        if (ServersShape.FirstFault(servers) is { } fault)
        {
            scope.Fail(
                "kafka.bootstrapServers", Position.None, $"{Spelling.Quote(fault)} is not a broker's address",
                $"it comes from the environment variable {KafkaOptions.ServersVariable}: set it to host:port, or unset it");
        }

        return topology is null ? null : topology with { Kafka = topology.Kafka with { BootstrapServers = servers, Embedded = false } };
    }

    private TopologyFile? ApplyListen(ReadScope scope, TopologyFile? topology)
    {
        var named = _environment(ListenHost.Variable);
        if (string.IsNullOrWhiteSpace(named))
        {
            return topology;
        }

        if (IPAddress.TryParse(named, out var host))
        {
            return topology is null ? null : ListenHost.Apply(topology, host);
        }

        scope.Fail(
            "", Position.None, $"{Spelling.Quote(named)} is no address to listen on",
            $"it comes from the environment variable {ListenHost.Variable}: set it to an IP address such as 0.0.0.0, or unset it");
        return topology;
    }
}
