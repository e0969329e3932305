using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// The thread that takes deliveries, errors and log lines from the client. A delivery event holds many records of one partition: they
/// are counted, never looked at one by one by anybody else.
/// </summary>
internal sealed unsafe partial class DeliveryLoop
{
    private const int PollMilliseconds = 100;
    private const int EventsPerTurn = 64;
    private const int MessagesPerCall = 512;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly ProducerClient _client;
    private readonly DeliveryLedger _ledger;
    private readonly PipelineMetrics _metrics;
    private readonly LatencyHistogram _latency;
    private readonly TimeProvider _clock;
    private readonly ControlRecords _controls;
    private readonly NoticeLimiter _limiter;
    private readonly AckWatch _acks;
    private readonly Thread _thread;
    private readonly DeliveredMessage** _messages;
    private volatile bool _stopping;
    private bool _acknowledged;

    public DeliveryLoop(
        ProducerClient client, DeliveryLedger ledger, ControlRecords controls, PipelineMetrics metrics, TimeProvider clock)
    {
        _controls = controls;
        _acks = new AckWatch(clock);
        _client = client;
        _ledger = ledger;
        _metrics = metrics;
        _latency = metrics.StageLatency("kafka_ack");
        _clock = clock;
        _limiter = new NoticeLimiter(clock);
        _messages = (DeliveredMessage**)NativeMemory.Alloc(MessagesPerCall, (nuint)sizeof(nint));
        _thread = new Thread(Run) { Name = "kafka-delivery", IsBackground = true };
    }

    /// <summary>Called after each turn of the thread; true when events were handled: the client may have room again.</summary>
    public required Action<bool> Progressed { get; init; }

    /// <summary>The producer, or one record for good, has failed.</summary>
    public required Action<KafkaSinkException> Failed { get; init; }

    public required Action<KafkaNotice> Noticed { get; init; }

    /// <summary>No acknowledgement for <see cref="LeaseTimeout"/>; once an outage.</summary>
    public required Action Lost { get; init; }

    public required Func<TimeSpan> LeaseTimeout { get; init; }

    /// <summary>How long nothing was acknowledged of what was handed over; zero while all is well.</summary>
    public TimeSpan Outage => _acks.Outage;

    public void Start() => _thread.Start();

    /// <summary>Waits, for a while, until everything the client holds is settled, and ends. Blocks.</summary>
    public void Stop()
    {
        _stopping = true;
        KafkaNative.rd_kafka_queue_yield(_client.Queue);
        _thread.Join();
        NativeMemory.Free(_messages);
    }

    private void Run()
    {
        while (!_stopping)
        {
            Turn(PollMilliseconds);
        }

        var until = new Deadline(_clock, StopPatience);
        while (_ledger.Counts.InFlight > 0 && !until.IsOver)
        {
            Turn(PollMilliseconds);
        }
    }

    /// <summary>Waits for one event and takes those that have come with it; false when there was none.</summary>
    private bool Turn(int timeoutMilliseconds)
    {
        var handled = 0;
        nint kafkaEvent;
        while (handled < EventsPerTurn
            && (kafkaEvent = KafkaNative.rd_kafka_queue_poll(_client.Queue, handled == 0 ? timeoutMilliseconds : 0)) != 0)
        {
            handled++;
            Handle(kafkaEvent);

            // This is what makes room in the client: told about only afterwards.
            KafkaNative.rd_kafka_event_destroy(kafkaEvent);
        }

        if (handled == 0 && _gapless is { } gapless)
        {
            _gapless = null;
            Failed(gapless);
        }

        Progressed(handled > 0);
        WatchAcks();
        return handled > 0;
    }

    private void WatchAcks()
    {
        var isLost = _acks.Look(_acknowledged, _acknowledged || _ledger.IsAnyInFlight, LeaseTimeout());
        _acknowledged = false;
        if (isLost)
        {
            var seconds = LeaseTimeout().TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            Tell(KafkaNoticeSeverity.Error, "lost", $"Kafka has acknowledged nothing for {seconds} s. Records wait; no partition is ours any more.");
            Lost();
        }
    }

    private void Handle(nint kafkaEvent)
    {
        switch (KafkaNative.rd_kafka_event_type(kafkaEvent))
        {
            case EventKinds.Delivery:
                CountDeliveries(kafkaEvent);
                break;
            case EventKinds.Error:
                HandleError(kafkaEvent);
                break;
            case EventKinds.Log:
                HandleLog(kafkaEvent);
                break;
        }
    }

    private void CountDeliveries(nint kafkaEvent)
    {
        nuint count;
        while ((count = KafkaNative.rd_kafka_event_message_array(kafkaEvent, _messages, MessagesPerCall)) > 0)
        {
            var first = 0;
            while (first < (int)count)
            {
                first = CountRun(first, (int)count);
            }
        }
    }

    /// <summary>Counts the messages from <paramref name="first"/> on that share partition and outcome and follow each other in the log.</summary>
    /// <returns>Where the next run begins.</returns>
    private int CountRun(int first, int count)
    {
        var tag = _messages[first]->Opaque;
        var error = _messages[first]->Error;
        var offset = _messages[first]->Offset;
        var bytes = 0L;
        var next = first;
        while (next < count && _messages[next]->Opaque == tag && _messages[next]->Error == error && Follows(offset, next - first, _messages[next]->Offset))
        {
            bytes += (long)(_messages[next]->Length + _messages[next]->KeyLength);
            next++;
        }

        var (topic, partition) = _ledger.At(DeliveryTag.PartitionOf(tag));
        if (error == ErrorCode.None)
        {
            Time(_messages[first]);
            CountAcknowledged(topic, partition, tag, next - first, bytes, offset);
        }
        else
        {
            CountFailed(topic, partition, tag, next - first, bytes, error);
        }

        return next;
    }

    /// <summary>The client knows when it was given each record: the oldest of a run stands for all of it.</summary>
    private void Time(DeliveredMessage* oldest)
    {
        if (KafkaNative.rd_kafka_message_latency(oldest) is var latency and >= 0)
        {
            _latency.Add(latency, MarketTime.Now(_clock));
        }
    }

    // A failed record has no offset, and of a repeated request the broker need not tell any.
    private static bool Follows(long first, int distance, long offset) => first < 0 ? offset < 0 : offset == first + distance;

    private void CountAcknowledged(TopicLedger topic, PartitionLedger partition, nint tag, int records, long bytes, long offset)
    {
        var shift = partition.Acknowledge(records, bytes, offset);
        _metrics.Acknowledged(topic.Name, records);
        _acknowledged = true;
        if (DeliveryTag.TicketOf(tag) is var ticket and not 0)
        {
            _controls.Complete(ticket, offset);
        }

        if (shift != 0)
        {
            _metrics.OffsetShifted(topic.Name);
            Tell(KafkaNoticeSeverity.Warning, "foreign-writer", $"{PlaceOf(topic, tag)}: our record lies at offset {offset}, {shift} from where "
                + "it was to be expected: somebody else writes this partition, or the broker has written some of ours twice.");
        }

        TellRecovered();
    }

    private void CountFailed(TopicLedger topic, PartitionLedger partition, nint tag, int records, long bytes, ErrorCode error)
    {
        partition.Fail(records, bytes);
        _metrics.Failed(topic.Name, ErrorCodes.NameOf(error), records);
        var exception = new KafkaSinkException(
            ErrorCodes.NameOf(error),
            $"Kafka refused {records} record(s) of {PlaceOf(topic, tag)} for good: {DeliveryAdvice.Describe(error, topic.Name)}");
        if (DeliveryTag.TicketOf(tag) is var ticket and not 0)
        {
            _controls.Fail(ticket, exception);
        }

        if (error is not (ErrorCode.PurgedInQueue or ErrorCode.PurgedInFlight))
        {
            Failed(exception);
        }
    }

    private static string PlaceOf(TopicLedger topic, nint tag) => $"{topic.Name}[{DeliveryTag.PartitionOf(tag) - topic.FirstPartition}]";
}
