using System.Threading.Tasks.Dataflow;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Graph;

/// <summary>The blocks of a graph: each is bounded, has a name, is measured, and works on one item at a time, in order.</summary>
internal sealed class GraphBlocks(PipelineMetrics metrics)
{
    private readonly List<Task> _completions = [];
    private readonly List<BlockGauge> _gauges = [];

    /// <summary>Items inside all of them now.</summary>
    public int Inside => _gauges.Sum(gauge => gauge.Length);

    /// <param name="singleProducer">One at a time puts items in.</param>
    public TransformBlock<TIn, TOut> Transform<TIn, TOut>(string name, Func<TIn, TOut> work, int capacity, bool singleProducer = true)
    {
        var gauge = new BlockGauge(name);
        var block = new TransformBlock<TIn, TOut>(
            item =>
            {
                gauge.Enter();
                var result = work(item);
                gauge.Leave();
                return result;
            },
            Bounded(capacity, singleProducer));
        Watch(gauge, block, () => block.InputCount + block.OutputCount, capacity);
        return block;
    }

    /// <param name="singleProducer">One at a time puts items in.</param>
    public ActionBlock<TIn> Action<TIn>(string name, Func<TIn, Task> work, int capacity, bool singleProducer = true)
    {
        var gauge = new BlockGauge(name);
        var block = new ActionBlock<TIn>(
            async item =>
            {
                gauge.Enter();
                await work(item);
                gauge.Leave();
            },
            Bounded(capacity, singleProducer));
        Watch(gauge, block, () => block.InputCount, capacity);
        return block;
    }

    /// <summary>Completes with the last of them and fails with the first: a failed block only stops taking; those before it would wait for ever.</summary>
    public async Task CompleteOrFailAsync()
    {
        await foreach (var block in Task.WhenEach(_completions))
        {
            await block;
        }
    }

    private static ExecutionDataflowBlockOptions Bounded(int capacity, bool singleProducer) => new()
    {
        BoundedCapacity = capacity,
        MaxDegreeOfParallelism = 1,
        EnsureOrdered = true,
        SingleProducerConstrained = singleProducer,
    };

    private void Watch(BlockGauge gauge, IDataflowBlock block, Func<int> waiting, int capacity)
    {
        gauge.Waiting = waiting;
        _gauges.Add(gauge);
        _completions.Add(block.Completion);
        metrics.AddQueue(gauge.Name, () => gauge.Length, capacity);
    }
}
