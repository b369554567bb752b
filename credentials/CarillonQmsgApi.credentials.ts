import { qmsg } from '../src/services/qmsg/qmsg.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonQmsgApi extends credential(qmsg) {}
