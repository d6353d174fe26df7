// Runs the accelerator in C: on golden frames, or on a file of images. `--help` says how.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "checkpoint.hpp"
#include "schedule.hpp"
#include "interface.hpp"
#include "support.hpp"

namespace {

const char kHelp[] =
    "usage: testbench [--project FOLDER] [--frames N] [--without-checkpoints]\n"
    "       testbench [--project FOLDER] --images FILE [--results FILE] [--trace FILE]\n"
    "\n"
    "Without --images, runs the golden frames and compares every checkpoint and the results:\n"
    "exit code 0 when all are equal, 1 when not, 2 when a file or an option is wrong.\n"
    "\n"
    "  --project FOLDER       where weights/ and tb/golden/ are (default: the folder above this source)\n"
    "  --frames N             compare only the first N golden frames\n"
    "  --without-checkpoints  compare only the results: of hardware, nothing else is seen\n"
    "  --images FILE          raw images one after the other, float32, lowest byte first; prints the\n"
    "                         number of each, and where its results of one row are largest: the class\n"
    "  --results FILE         with --images: also writes all results, image after image, int32,\n"
    "                         lowest byte first\n"
    "  --trace FILE           with --images: also writes what every checkpoint shows: a line with the\n"
    "                         number of the image, the number, tokens, channels and label of the\n"
    "                         checkpoint, then the values, token after token, as results are\n";

struct options {
    std::string project;
    std::string images;   // file of images to run; empty to compare golden frames
    std::string results;  // file to write results to; empty for none
    std::string trace;    // file to write what checkpoints show to; empty for none
    int frames = kFrames;
    bool checkpoints = true;
};

/// The folder above that of this source file, unless the build says another one.
std::string default_project() {
#ifdef PROJECT_FOLDER
    return PROJECT_FOLDER;
#else
    const std::string source = __FILE__;
    const std::size_t slash = source.find_last_of("/\\");
    return slash == std::string::npos ? ".." : source.substr(0, slash) + "/..";
#endif
}

options read_options(int argc, char** argv) {
    options given;
    given.project = default_project();
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--help") {
            std::printf("%s", kHelp);
            std::exit(0);
        } else if (option == "--without-checkpoints") {
            given.checkpoints = false;
        } else if (option != "--project" && option != "--images" && option != "--results" && option != "--trace" &&
                   option != "--frames") {
            give_up("unknown option " + option + ", see --help");
        } else if (i + 1 == argc) {
            give_up(option + " needs a value, see --help");
        } else {
            const char* value = argv[++i];
            if (option == "--project") given.project = value;
            if (option == "--images") given.images = value;
            if (option == "--results") given.results = value;
            if (option == "--trace") given.trace = value;
            if (option == "--frames") given.frames = std::atoi(value);
        }
    }
    if (given.frames < 1 && given.images.empty()) give_up("there is no golden frame to compare");
    if (given.frames > kFrames) give_up("there are only " + std::to_string(kFrames) + " golden frames");
    if (!given.results.empty() && given.images.empty()) give_up("--results is only used with --images");
    if (!given.trace.empty() && given.images.empty()) give_up("--trace is only used with --images");
    return given;
}

/// Runs some images, at most as many as a call takes; what is missing is the last one again.
void run(const std::vector<std::vector<std::int32_t>>& images) {
    for (int frame = 0; frame < kFramesOfCall; ++frame)
        packing<kInputBits>::pack(images[std::min(std::size_t(frame), images.size() - 1)],
                                  input_memory + frame * kInputFrameWords);
    run_accelerator();
}

/// The comparisons of the golden frames that run.
struct comparison {
    std::vector<std::string> folders;       // of the golden frames of this call
    std::vector<std::vector<int>> reached;  // how often each golden checkpoint was, by frame
    int count = 0;
    int failures = 0;

    /// Starts a call on some golden frames.
    void start(const std::vector<std::string>& golden) {
        folders = golden;
        reached.assign(golden.size(), std::vector<int>(kCheckpoints.size(), 0));
    }

    /// What a checkpoint or result is called.
    static std::string named(const std::string& name, int frame) {
        return kFramesOfCall == 1 ? name : name + " of " + std::to_string(frame);
    }

    void compare(const std::string& name, int frame, const char* file, int columns,
                 const std::vector<std::int32_t>& values) {
        const std::vector<std::int32_t> golden = read_integers(folders[std::size_t(frame)] + file, values.size());
        failures += !equals_golden(named(name, frame), columns, values, golden);
        ++count;
    }
} current;

void compare_checkpoint(const char* label, int index, int frame, const void* matrix, checkpoint_element_t element,
                        int tokens, int channels) {
    if (std::size_t(frame) >= current.folders.size()) return;
    for (std::size_t i = 0; i < kCheckpoints.size(); ++i) {
        const checkpoint_file& golden = kCheckpoints[i];
        if (std::strcmp(golden.label, label) != 0 || golden.index != index) continue;
        std::vector<std::int32_t> values;
        for (int token = 0; token < tokens; ++token)
            for (int channel = 0; channel < channels; ++channel)
                values.push_back(std::int32_t(element(matrix, token, channel)));
        const std::string name = std::string(label) + "[" + std::to_string(index) + "]";
        current.compare(name, frame, golden.file, channels, values);
        ++current.reached[std::size_t(frame)][i];
    }
}

/// Compares the golden frames, as many in a call as it takes.
int check(const options& given) {
    checkpoint_observer() = given.checkpoints ? compare_checkpoint : nullptr;
    for (int first = 0; first < given.frames; first += kFramesOfCall) {
        const int frames = std::min(kFramesOfCall, given.frames - first);
        std::vector<std::string> folders;
        std::vector<std::vector<std::int32_t>> images;
        for (int frame = first; frame < first + frames; ++frame) {
            folders.push_back(given.project + "/tb/golden/" + std::to_string(frame) + "/");
            images.push_back(read_integers(folders.back() + kInputFile, kInputElements));
        }
        if (frames == 1) std::printf("frame %d\n", first);
        else std::printf("frames %d to %d\n", first, first + frames - 1);
        current.start(folders);
        run(images);
        for (int frame = 0; frame < frames; ++frame) {
            for (std::size_t i = 0; given.checkpoints && i < kCheckpoints.size(); ++i) {
                const int times = current.reached[std::size_t(frame)][i];
                if (times == 1) continue;
                const std::string name =
                    std::string(kCheckpoints[i].label) + "[" + std::to_string(kCheckpoints[i].index) + "]";
                std::printf("  %s mismatch: was reached %d times\n", comparison::named(name, frame).c_str(), times);
                ++current.failures;
            }
            for (const output_port& port : kOutputs)
                current.compare(port.name, frame, port.file, port.columns, port.read(frame));
        }
    }
    if (current.failures == 0) {
        std::printf("%d frames, %d comparisons: all equal\n", given.frames, current.count);
        return 0;
    }
    std::printf("%d frames, %d comparisons: %d failed\n", given.frames, current.count, current.failures);
    return kMismatch;
}

/// Writes a number to a file, lowest byte first.
void write_integer(std::FILE* file, std::int32_t value) {
    for (int byte = 0; byte < 4; ++byte) std::fputc(int(std::uint32_t(value) >> 8 * byte & 255), file);
}

/// Where what checkpoints show is written.
struct tracing {
    std::FILE* file = nullptr;
    std::size_t first = 0;   // number of the first image of this call
    std::size_t images = 0;  // that this call runs
} traced;

void trace_checkpoint(const char* label, int index, int frame, const void* matrix, checkpoint_element_t element,
                      int tokens, int channels) {
    if (std::size_t(frame) >= traced.images) return;
    std::fprintf(traced.file, "%zu %d %d %d %s\n", traced.first + std::size_t(frame), index, tokens, channels, label);
    for (int token = 0; token < tokens; ++token)
        for (int channel = 0; channel < channels; ++channel)
            write_integer(traced.file, std::int32_t(element(matrix, token, channel)));
}

/// Opens a file to write to; none for an empty name.
std::FILE* file_for(const std::string& path) {
    std::FILE* file = path.empty() ? nullptr : std::fopen(path.c_str(), "wb");
    if (file == nullptr && !path.empty()) give_up(path + ": cannot be written");
    return file;
}

/// Closes a file that was written.
void close(std::FILE* file, const std::string& path) {
    if (file == nullptr) return;
    const bool failed = std::ferror(file) != 0;
    if (std::fclose(file) != 0 || failed) give_up(path + ": cannot be written");
}

/// Runs images.
int run_images(const options& given) {
    const std::size_t size = 4 * std::size_t(kInputElements);
    const std::vector<std::uint8_t> bytes = read_file(given.images);
    if (bytes.empty() || bytes.size() % size != 0)
        give_up(given.images + ": has " + std::to_string(bytes.size()) + " bytes, expected a multiple of " +
                std::to_string(size));
    std::FILE* const results = file_for(given.results);
    traced.file = file_for(given.trace);
    if (traced.file != nullptr) checkpoint_observer() = trace_checkpoint;
    const std::size_t count = bytes.size() / size;
    for (std::size_t first = 0; first < count; first += kFramesOfCall) {
        std::vector<std::vector<std::int32_t>> images;
        for (std::size_t number = first; number < std::min(count, first + kFramesOfCall); ++number) {
            std::vector<float> image(kInputElements);
            for (std::size_t i = 0; i < image.size(); ++i) {
                const std::uint32_t bits = little_endian(&bytes[number * size + 4 * i]);
                std::memcpy(&image[i], &bits, sizeof bits);
            }
            images.push_back(quantize<kInputBits>(image, kInputScale));
        }
        traced.first = first;
        traced.images = images.size();
        run(images);
        for (std::size_t frame = 0; frame < images.size(); ++frame) {
            std::printf("%zu", first + frame);
            for (const output_port& port : kOutputs) {
                const std::vector<std::int32_t> result = port.read(int(frame));
                if (port.rows == 1) std::printf(" %d", largest_element(result));
                if (results != nullptr)
                    for (const std::int32_t value : result) write_integer(results, value);
            }
            std::printf("\n");
        }
    }
    close(results, given.results);
    close(traced.file, given.trace);
    return 0;
}

#ifdef VAQF_SCHEDULE
/// Prints the simulated cycles of all frames.
void print_schedule() {
    std::printf("%-24s %8s %12s\n", "engine", "calls", "cycles");
    long long calls = 0;
    for (const auto& each : simulated_clock().engines) {
        std::printf("%-24s %8lld %12lld\n", each.first.c_str(), each.second.calls, each.second.cycles);
        calls += each.second.calls;
    }
    std::printf("%-24s %8lld %12lld\n", "total", calls, simulated_clock().now);
}
#endif

}  // namespace

int main(int argc, char** argv) {
    const options given = read_options(argc, argv);
    for (const parameter_file& each : kParameters)
        load_memory(each.memory, std::size_t(each.words), given.project + "/weights/" + each.file);
    const int status = given.images.empty() ? check(given) : run_images(given);
#ifdef VAQF_SCHEDULE
    print_schedule();
#endif
    return status;
}
