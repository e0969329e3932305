using System.Runtime.InteropServices;
using Pipeline.Core.Diagnostics;
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
    private readonly TimeProvider _clock;
    private readonly NoticeLimiter _limiter;
    private readonly Thread _thread;
    private readonly DeliveredMessage** _messages;
    private volatile bool _stopping;

    public DeliveryLoop(ProducerClient client, DeliveryLedger ledger, PipelineMetrics metrics, TimeProvider clock)
    {
        _client = client;
        _ledger = ledger;
        _metrics = metrics;
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

        Progressed(handled > 0);
        return handled > 0;
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

    /// <summary>Counts the messages from <paramref name="first"/> on that share partition and outcome.</summary>
    /// <returns>Where the next run begins.</returns>
    private int CountRun(int first, int count)
    {
        var number = _messages[first]->Opaque;
        var error = _messages[first]->Error;
        var bytes = 0L;
        var next = first;
        while (next < count && _messages[next]->Opaque == number && _messages[next]->Error == error)
        {
            bytes += (long)(_messages[next]->Length + _messages[next]->KeyLength);
            next++;
        }

        var (topic, partition) = _ledger.At((int)number);
        var records = next - first;
        if (error == ErrorCode.None)
        {
            partition.Settle(records, 0, bytes);
            _metrics.Acknowledged(topic.Name, records);
            TellRecovered();
        }
        else
        {
            partition.Settle(0, records, bytes);
            _metrics.Failed(topic.Name, ErrorCodes.NameOf(error), records);
            if (error is not (ErrorCode.PurgedInQueue or ErrorCode.PurgedInFlight))
            {
                var place = $"{topic.Name}[{number - topic.FirstPartition}]";
                Failed(new KafkaSinkException(
                    ErrorCodes.NameOf(error), $"Kafka refused {records} record(s) of {place} for good: {ErrorCodes.TextOf(error)}."));
            }
        }

        return next;
    }
}
