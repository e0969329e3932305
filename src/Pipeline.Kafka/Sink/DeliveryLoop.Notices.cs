using System.Globalization;
using System.Runtime.InteropServices;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Sink;

internal sealed unsafe partial class DeliveryLoop
{
    private const int WarningLevel = 4;
    private const int NoticeLevel = 5;
    private long _troubledSince;
    private KafkaSinkException? _gapless;

    private void HandleError(nint kafkaEvent)
    {
        var code = KafkaNative.rd_kafka_event_error(kafkaEvent);
        var text = Marshal.PtrToStringUTF8(KafkaNative.rd_kafka_event_error_string(kafkaEvent)) ?? "";
        if (KafkaNative.rd_kafka_event_error_is_fatal(kafkaEvent) != 0)
        {
            var fault = Fatal(code, text);
            if (fault.Code == ErrorCodes.NameOf(ErrorCode.GaplessGuarantee))
            {
                // Only what follows of a record that was refused: its delivery is on the way, and says why.
                _gapless ??= fault;
                return;
            }

            Failed(fault);
            return;
        }

        if (code is ErrorCode.Transport or ErrorCode.AllBrokersDown && _troubledSince == 0)
        {
            _troubledSince = _clock.GetTimestamp();
        }

        Tell(KafkaNoticeSeverity.Error, ErrorCodes.NameOf(code), DeliveryAdvice.For(code, "") is { } advice ? $"{text}. {advice}" : text);
    }

    private void HandleLog(nint kafkaEvent)
    {
        if (KafkaNative.rd_kafka_event_log(kafkaEvent, out var facility, out var text, out var level) != 0)
        {
            return;
        }

        // What fails is told as an error as well, under a better name; what is below a notice is for debugging; and remarks about our
        // own choice of properties (gapless is called experimental) are for us, not for operators.
        var code = Marshal.PtrToStringUTF8(facility) ?? "";
        if (code is not ("FAIL" or "ERROR" or "CONFWARN") && level <= NoticeLevel)
        {
            var severity = level <= WarningLevel ? KafkaNoticeSeverity.Warning : KafkaNoticeSeverity.Information;
            Tell(severity, code, Marshal.PtrToStringUTF8(text) ?? "");
        }
    }

    private KafkaSinkException Fatal(ErrorCode code, string text)
    {
        var fatal = _client.FatalError(out var reason);
        return fatal == ErrorCode.None
            ? new KafkaSinkException(ErrorCodes.NameOf(code), $"The Kafka producer has stopped: {text}.")
            : new KafkaSinkException(ErrorCodes.NameOf(fatal), $"The Kafka producer has stopped: {reason}.");
    }

    private void TellRecovered()
    {
        if (_troubledSince != 0)
        {
            var seconds = _clock.GetElapsedTime(_troubledSince).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            _troubledSince = 0;
            Tell(KafkaNoticeSeverity.Information, "recovered", $"Records are acknowledged again, {seconds} s after the first error.");
        }
    }

    private void Tell(KafkaNoticeSeverity severity, string code, string text)
    {
        if (_limiter.Admit(code, out var suppressed))
        {
            Noticed(new KafkaNotice(severity, code, text, suppressed));
        }
    }
}
