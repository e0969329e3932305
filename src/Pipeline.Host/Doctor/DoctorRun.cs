using System.Globalization;

namespace Pipeline.Host.Doctor;

/// <summary>
/// Runs checks side by side, each as soon as those it needs have passed, all within <see cref="Bound"/>. None can hold up or end another.
/// </summary>
internal sealed class DoctorRun
{
    private readonly IReadOnlyList<ICheck> _checks;
    private readonly CheckResult?[] _results;
    private readonly TimeProvider _time;
    private readonly Action<int> _done;

    /// <param name="checks">In the order in which they are told; what a check needs stands before it.</param>
    /// <param name="done">Told the number of each that is over, one at a time, from any thread.</param>
    public DoctorRun(IReadOnlyList<ICheck> checks, TimeProvider time, Action<int>? done = null)
    {
        _checks = checks;
        _results = new CheckResult?[checks.Count];
        _time = time;
        _done = done ?? (_ => { });
    }

    /// <summary>How long all of them may take together. Default 14 s, so that the whole command stays below 15.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromSeconds(14);

    /// <summary>Those that are over, in the order of the checks; null for one that is not.</summary>
    public IReadOnlyList<CheckResult?> Results => _results;

    /// <summary>Returns when all are over, whatever they came to.</summary>
    /// <exception cref="OperationCanceledException">It was asked to end before that.</exception>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellation)
    {
        using var bound = new CancellationTokenSource(Bound, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var running = new Dictionary<ICheck, Task<CheckResult>>(ReferenceEqualityComparer.Instance);
        var gate = new Lock();
        for (var i = 0; i < _checks.Count; i++)
        {
            var needs = _checks[i].Needs.Select(need => running[need]).ToList();
            running.Add(_checks[i], KeepAsync(i, needs, gate, either.Token, cancellation));
        }

        return await Task.WhenAll(_checks.Select(check => running[check]));
    }

    private async Task<CheckResult> KeepAsync(
        int number, List<Task<CheckResult>> needs, Lock gate, CancellationToken bound, CancellationToken cancellation)
    {
        // None may begin before all are known, whatever it does before its first wait.
        await Task.Yield();
        var passed = await Task.WhenAll(needs);
        var start = _time.GetTimestamp();
        var finding = passed.FirstOrDefault(need => need.Verdict is Verdict.Failed or Verdict.NotChecked) is { } failed
            ? Finding.Skip($"needs '{failed.Name}', which {(failed.Verdict == Verdict.Failed ? "failed" : "was not checked")}")
            : await LookAsync(_checks[number], bound, cancellation);
        var result = new CheckResult(_checks[number].Name, finding, _time.GetElapsedTime(start));
        lock (gate)
        {
            _results[number] = result;
            _done(number);
        }

        return result;
    }

    private async Task<Finding> LookAsync(ICheck check, CancellationToken bound, CancellationToken cancellation)
    {
        try
        {
            // What blocks in a library that knows no cancellation is left behind.
            return await check.RunAsync(bound).WaitAsync(bound);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            return Finding.Fail(
                string.Create(CultureInfo.InvariantCulture, $"not over when the time for all checks ({Bound.TotalSeconds:0.#} s) was"), check.OverdueAdvice);
        }
        catch (Exception fault)
        {
            return Finding.Fail($"{fault.GetType().Name}: {fault.Message}", check.OverdueAdvice);
        }
    }
}
