import { slackTrigger } from '../../src/services/slack/slack.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class SlackTrigger extends triggerNode(slackTrigger) {}
