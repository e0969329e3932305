using System.Globalization;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Topics;

/// <summary>Asks a cluster for its topics until it answers or patience ends, and says once that it is waiting. Blocks.</summary>
internal sealed class BrokerWait(ClusterView cluster, TimeProvider clock, TimeSpan patience, Action<KafkaNotice>? noticed)
{
    /// <summary>Code of the notice.</summary>
    public const string NoAnswerCode = "no-answer";

    // The native call blocks, so it is made in slices of time in which cancellation is noticed.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    // A broker that was there all along answers sooner.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Deadline _until = new(clock, patience);
    private bool _told;

    public bool IsOver => _until.IsOver;

    /// <summary>Every topic the cluster shows us, by name.</summary>
    /// <exception cref="KafkaClientException">No broker has answered within the patience.</exception>
    public IReadOnlyDictionary<string, TopicShape> Topics(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var error = cluster.TryReadTopics(_until.AtMost(Slice), out var topics);
            if (error == ErrorCode.None)
            {
                return topics;
            }

            if (_until.IsOver)
            {
                throw cluster.NoAnswer(patience, error);
            }

            TellOnce();
        }
    }

    private void TellOnce()
    {
        if (_told || patience - _until.Left < Quiet)
        {
            return;
        }

        _told = true;
        var seconds = patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        noticed?.Invoke(new KafkaNotice(
            KafkaNoticeSeverity.Warning, NoAnswerCode, $"Waiting for Kafka at {cluster.Servers}, for {seconds} s at most.", 0));
    }
}
