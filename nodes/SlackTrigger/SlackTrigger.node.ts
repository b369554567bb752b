import { slackTrigger } from '../../src/triggers/slackTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class SlackTrigger extends triggerNode(slackTrigger) {}
